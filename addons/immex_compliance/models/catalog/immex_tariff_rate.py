# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL


class ImmexTariffRate(models.Model):
    """Duty rate of a tariff item, by date. Loaded from an update file.

    ``rate`` is a percentage of the customs value; a rate that is specific or mixed is
    kept as published in ``specific`` and computed by nobody.
    """

    _name = "immex.tariff.rate"
    _description = "Duty rate"
    _order = "tariff_item_id, flow, valid_from desc"

    tariff_item_id = fields.Many2one(
        "immex.tariff.item", required=True, ondelete="cascade", index=True
    )
    flow = fields.Selection(
        [("import", "Import (IGI)"), ("export", "Export (IGE)")], required=True
    )
    rate = fields.Float("Rate (%)", digits=(15, 10), help="Ad valorem; 0 is exempt.")
    specific = fields.Char(
        help="A rate that is not ad valorem alone, as published; the percentage beside "
        "it does not count."
    )
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(help="Last day; empty: in force.")
    source = fields.Char(required=True)
    verified = fields.Boolean(
        help="Compared with the official publication. Unverified rates serve for "
        "estimates only."
    )

    _dated_unique = models.Constraint(
        "UNIQUE (tariff_item_id, flow, valid_from)",
        "This tariff item already has a rate from that date.",
    )
    _rate_positive = models.Constraint(
        "CHECK (rate >= 0)", "A duty rate cannot be negative."
    )
    _dates_order = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A rate cannot end before it starts.",
    )

    @api.depends("tariff_item_id", "flow", "rate", "specific")
    def _compute_display_name(self):
        for rate in self:
            value = rate.specific or f"{rate.rate:g} %"
            rate.display_name = f"{rate.tariff_item_id.code} {value}"

    @api.model
    def _rates_at(self, codes, flow, date):
        """Return ``{code: (rate, specific, verified)}`` in force at ``date``.

        :param codes: tariff items with NICO, 10 digits
        :param str flow: 'import' or 'export'
        :return: ``rate`` an exact Decimal percentage, None where the rate is specific;
            codes without a rate are absent
        """
        codes = sorted(set(codes))
        if not codes:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (i.code)
                       i.code, r.rate::text, r.specific, COALESCE(r.verified, FALSE)
                  FROM immex_tariff_rate r
                  JOIN immex_tariff_item i ON i.id = r.tariff_item_id
                 WHERE i.code = ANY (%(codes)s) AND r.flow = %(flow)s
                   AND %(date)s::date BETWEEN r.valid_from
                       AND COALESCE(r.valid_to, 'infinity')
                 ORDER BY i.code, r.valid_from DESC, r.id DESC
                """,
                codes=codes,
                flow=flow,
                date=date,
            )
        )
        return {
            code: (None if specific else Decimal(rate or 0), specific or None, verified)
            for code, rate, specific, verified in rows
        }
