# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

# what decides the state of the partida and the quantity in the product's unit
DECISIVE = {
    "partida_id",
    "product_id",
    "part_number",
    "qty_umc",
    "qty_umt",
    "value_usd",
    "customs_value",
    "commercial_value",
    "value_declared",
    "commercial_declared",
    "invoice",
    "sequence",
}


class ImmexPedimentoGoods(models.Model):
    """One part number within a partida: the grain of layers and of exit lines.

    The goods of a partida sum to it in UMC, in UMT and in value; until they do, and
    until every one has its product, the partida makes no layer (rule: nothing is
    guessed silently).
    """

    _name = "immex.pedimento.goods"
    _description = "Part within a partida"
    _order = "pedimento_id, partida_id, sequence"
    _rec_name = "part_number"
    _check_company_auto = True

    partida_id = fields.Many2one(
        "immex.pedimento.partida",
        check_company=True,
        required=True,
        ondelete="cascade",
        index=True,
    )
    pedimento_id = fields.Many2one(
        "immex.pedimento",
        check_company=True,
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    sequence = fields.Integer(
        "Line", required=True, help="Within the partida; empty takes the next number."
    )
    part_number = fields.Char(index=True)
    description = fields.Char()
    product_id = fields.Many2one(
        "product.product", index="btree_not_null", ondelete="restrict"
    )
    lot_name = fields.Char("Lot or Serial")
    qty_umc = fields.Float("Quantity UMC", digits=(18, 3), required=True)
    qty_umt = fields.Float("Quantity UMT", digits=(23, 5), required=True)
    value_usd = fields.Float("Value (USD)", digits=(18, 2))
    commercial_value = fields.Float("Commercial Value (MXN)", digits=(18, 2))
    customs_value = fields.Float("Customs Value (MXN)", digits=(18, 2))
    value_declared = fields.Boolean(
        "Customs Value Stated",
        help="The source states the customs value of the part. Otherwise the one of "
        "the partida is spread by value in dollars.",
    )
    commercial_declared = fields.Boolean(
        "Commercial Value Stated", help="As above, for the commercial value."
    )
    origin_country_id = fields.Many2one("res.country", "Country of Origin")
    invoice = fields.Char()
    factor = fields.Float(
        "UMC per Unit",
        digits=(20, 10),
        help="Customs units in one unit of the product, frozen when the line was "
        "mapped.",
    )
    quantity = fields.Float(
        digits=(18, 6),
        help="In the product's unit: declared UMC quantity divided by the factor.",
    )
    opening_quantity = fields.Float(
        "Imported",
        digits=(18, 6),
        readonly=True,
        help="Of an initial balance: what was imported; the quantity is what remained.",
    )
    declared_term_end = fields.Date(
        "Declared End of Term",
        readonly=True,
        help="Of an initial balance: the end of the term that the company kept to.",
    )
    is_waste = fields.Boolean("Waste", help="Exit of residue (desperdicio).")
    source = fields.Selection(
        [
            ("part_file", "Part file"),
            ("invoice", "Invoice"),
            ("receipt", "Receipt"),
            ("opening", "Initial balance"),
            ("product_code", "Product code of the partida"),
            ("description", "Description of the partida"),
            ("rectified", "Version that it rectifies"),
            ("manual", "Entered by hand"),
        ],
        required=True,
        default="manual",
    )
    file_id = fields.Many2one("immex.pedimento.file", ondelete="restrict")
    source_line = fields.Integer("Line in File")
    link_ids = fields.One2many("immex.goods.link", "goods_id")
    layer_ids = fields.One2many("immex.layer", "goods_id")
    exit_line_ids = fields.One2many("immex.exit.line", "goods_id")

    _sequence_unique = models.Constraint(
        "UNIQUE (partida_id, sequence)", "A line number occurs once in a partida."
    )
    _quantities_positive = models.Constraint(
        "CHECK (qty_umc > 0 AND qty_umt >= 0)", "Quantities must be greater than zero."
    )

    @api.model_create_multi
    def create(self, vals_list):
        last = {}
        partidas = self.env["immex.pedimento.partida"]
        for vals in vals_list:
            if not vals.get("partida_id"):
                continue
            partida = partidas.browse(vals["partida_id"])
            vals["pedimento_id"] = partida.pedimento_id.id
            vals["company_id"] = partida.company_id.id
            if partida not in last:
                last[partida] = max(partida.goods_ids.mapped("sequence"), default=0)
            if not vals.get("sequence"):
                vals["sequence"] = last[partida] + 1
            last[partida] = max(last[partida], vals["sequence"])
        goods = super().create(vals_list)
        goods.pedimento_id._detail_changed()
        return goods

    @api.depends("part_number", "product_id", "description", "sequence")
    def _compute_display_name(self):
        """What names the line: not every one has a part number."""
        for goods in self:
            goods.display_name = (
                goods.part_number
                or goods.product_id.default_code
                or goods.product_id.name
                or goods.description
                or str(goods.sequence)
            )

    def write(self, vals):
        before = self.pedimento_id
        result = super().write(vals)
        if not DECISIVE.isdisjoint(vals):
            (before | self.pedimento_id)._detail_changed()
        return result

    def unlink(self):
        pedimentos = self.pedimento_id
        result = super().unlink()
        pedimentos.exists()._detail_changed()
        return result

    def action_recompute_detail(self):
        """Button of the waiting list: try again the pedimentos of these lines."""
        return self.pedimento_id.action_recompute_detail()
