# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..wording import by_count

# what a new line of detail starts from when it takes the place of an old one
BLANK_GOODS = {
    "part_number": False,
    "description": False,
    "product_id": False,
    "lot_name": False,
    "value_usd": 0,
    "customs_value": 0,
    "value_declared": False,
    "commercial_value": 0,
    "commercial_declared": False,
    "origin_country_id": False,
    "invoice": False,
    "is_waste": False,
    "file_id": False,
    "source_line": False,
}


class ImmexPedimentoPartida(models.Model):
    """One partida (record 551). Values and quantities as declared, never converted."""

    _name = "immex.pedimento.partida"
    _description = "Partida of a pedimento"
    _order = "pedimento_id, sequence"
    _rec_name = "sequence"
    _check_company_auto = True

    pedimento_id = fields.Many2one(
        "immex.pedimento",
        check_company=True,
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, help="Company of the pedimento."
    )
    sequence = fields.Integer("Partida", required=True)
    fraccion = fields.Char("Tariff Item", size=8, required=True, index=True)
    nico = fields.Char("NICO", size=2)
    tariff_item_id = fields.Many2one("immex.tariff.item", "Tariff Item and NICO")
    description = fields.Char(required=True)
    unit_price = fields.Float(digits=(20, 5))
    customs_value = fields.Float("Customs Value (MXN)", digits=(18, 2))
    commercial_value = fields.Float("Commercial Value (MXN)", digits=(18, 2))
    value_usd = fields.Float("Value (USD)", digits=(18, 2))
    added_value = fields.Float("Added Value (MXN)", digits=(18, 2))
    qty_umc = fields.Float("Quantity UMC", digits=(18, 3), required=True)
    umc_id = fields.Many2one("immex.unit", "UMC", required=True)
    qty_umt = fields.Float("Quantity UMT", digits=(23, 5), required=True)
    umt_id = fields.Many2one("immex.unit", "UMT", required=True)
    linkage = fields.Char("Vinculación", size=1)
    valuation_method = fields.Char(size=2)
    product_code = fields.Char(size=20)
    brand = fields.Char()
    model = fields.Char()
    origin_country_id = fields.Many2one("res.country", "Origin or Destination")
    origin_code = fields.Char("Origin or Destination (key)", size=3)
    seller_country_id = fields.Many2one("res.country", "Seller or Buyer Country")
    seller_code = fields.Char("Seller or Buyer (key)", size=3)
    returnable_packaging = fields.Boolean(
        help="Identifier EB: counts for nothing in the invoice total (RGCE 4.3.20)."
    )
    igi_rate = fields.Float("Duty Rate (%)", digits=(15, 10))
    goods_ids = fields.One2many("immex.pedimento.goods", "partida_id")
    contribution_ids = fields.One2many("immex.pedimento.contribution", "partida_id")
    identifier_ids = fields.One2many("immex.pedimento.identifier", "partida_id")
    detail_state = fields.Selection(
        [
            ("missing", "Without part detail"),
            ("mismatch", "Parts do not sum to the partida"),
            ("unmapped", "Parts without product"),
            ("no_factor", "Unit factor missing"),
            ("done", "Complete"),
        ],
        "Part Detail",
        required=True,
        default="missing",
        index=True,
    )

    _sequence_unique = models.Constraint(
        "UNIQUE (pedimento_id, sequence)",
        "A partida number occurs once in a pedimento.",
    )

    @api.private
    def _replace_detail(self, vals_list):
        """Make ``vals_list`` (in order) the goods lines of this partida.

        Lines keep their record, which layers and exits may point at; a line too many
        that one of them uses is an error.
        """
        self.ensure_one()
        partida = self.with_context(immex_skip_detail=True)
        goods = partida.with_context(active_test=False).goods_ids.sorted("sequence")
        for sequence, (line, vals) in enumerate(
            zip(goods, vals_list, strict=False), start=1
        ):
            line.write(BLANK_GOODS | vals | {"sequence": sequence})
            line.flush_recordset()  # one by one: numbers are unique at every moment
        surplus = goods[len(vals_list) :]
        if surplus.layer_ids or surplus.exit_line_ids:
            raise UserError(
                by_count(
                    len(vals_list),
                    self.env._(
                        "Partida %(partida)s of %(pedimento)s has detail that layers "
                        "or exits use: it cannot shrink to 1 line.",
                        partida=self.sequence,
                        pedimento=self.pedimento_id.number,
                    ),
                    self.env._(
                        "Partida %(partida)s of %(pedimento)s has detail that layers "
                        "or exits use: it cannot shrink to %(count)s lines.",
                        partida=self.sequence,
                        pedimento=self.pedimento_id.number,
                        count=len(vals_list),
                    ),
                )
            )
        surplus.unlink()
        partida.env["immex.pedimento.goods"].create(
            [
                vals | {"partida_id": self.id, "sequence": sequence}
                for sequence, vals in enumerate(
                    vals_list[len(goods) :], start=len(goods) + 1
                )
            ]
        )

    def action_view_discharges(self):
        """Every exit that consumed what this partida brought in."""
        values = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_discharge"
        )
        values["domain"] = [
            ("superseded_run_id", "=", False),
            ("layer_id.partida_id", "in", self.ids),
        ]
        values["context"] = {}
        return values
