# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

FOLDER = "immex_compliance.notice_folder"


class ImmexBroker(models.Model):
    """How a broker is told of shipments beforehand."""

    # a topic a file
    _inherit = "immex.broker"  # pylint: disable=consider-merging-classes-inherited

    notice_channel = fields.Selection(
        [
            ("mail", "Mail with the XML attached"),
            ("folder", "Folder of this server"),
            ("soap", "The broker's own service"),
        ],
        "Notices By",
        tracking=True,
        help="Empty: the broker gets no notices of shipment.",
    )
    notice_email = fields.Char("Mail Address", tracking=True)
    notice_folder = fields.Char(
        "Folder",
        tracking=True,
        help="Below the folder that the administrator has set in the system parameter "
        "immex_compliance.notice_folder.",
    )
    notice_url = fields.Char(
        "Address of the Service",
        tracking=True,
        help="It offers receiveNotice of notice-1.wsdl, see docs/broker.md.",
    )
    notice_login = fields.Char("Login", tracking=True)
    notice_key = fields.Char(
        "Key", groups="immex_compliance.group_administrator", copy=False
    )

    @api.constrains("notice_channel", "notice_email", "notice_url")
    def _check_notice(self):
        for broker in self:
            if broker.notice_channel == "mail" and not broker.notice_email:
                raise ValidationError(self.env._("Notices by mail need an address."))
            if broker.notice_channel == "soap":
                parts = urlsplit(broker.notice_url or "")
                if parts.scheme not in ("http", "https") or not parts.hostname:
                    raise ValidationError(
                        self.env._("The address of the service is an http(s) address.")
                    )
