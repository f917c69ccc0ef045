# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ...services import vucem


class ImmexVucemAccess(models.Model):
    """How VUCEM is talked to: how long it is waited for, and how old its encryption
    may be."""

    _inherit = "immex.vucem.access"

    old_tls = fields.Boolean(
        "Old Encryption",
        help="VUCEM's server has had keys and ciphers that OpenSSL refuses by itself. "
        "Switch it on where no secure connection comes about; the server's certificate "
        "is verified all the same.",
    )
    connect_seconds = fields.Integer(
        "Seconds to Connect", help="Until it is given up; 0: the usual ten."
    )
    answer_seconds = fields.Integer(
        "Seconds of Silence",
        help="How long the answer may stay out, or stop on its way, before the request "
        "is given up; 0: the usual sixty.",
    )

    _seconds_range = models.Constraint(
        "CHECK (connect_seconds BETWEEN 0 AND 120"
        " AND answer_seconds BETWEEN 0 AND 600)",
        "The seconds to connect are at most 120, those of silence at most 600.",
    )

    @api.model
    def _transport(self, company):
        """What :func:`vucem.send` is told of the connection of ``company``."""
        record = self.sudo().search([("company_id", "=", company.id)])
        seconds = (record.connect_seconds, record.answer_seconds)
        return {
            "timeout": tuple(
                own or usual for own, usual in zip(seconds, vucem.TIMEOUT, strict=True)
            ),
            "old_tls": record.old_tls,
        }
