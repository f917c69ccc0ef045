# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ImmexRemesaLine(models.Model):
    """One part in a remesa: a provisional layer, or a provisional exit."""

    _name = "immex.remesa.line"
    _description = "Part in a remesa"
    _order = "remesa_id, number"
    _rec_name = "product_id"
    _check_company_auto = True

    remesa_id = fields.Many2one(
        "immex.remesa", required=True, ondelete="cascade", index=True
    )
    pedimento_id = fields.Many2one(
        related="remesa_id.pedimento_id", store=True, index=True
    )
    company_id = fields.Many2one(related="remesa_id.company_id", store=True, index=True)
    number = fields.Integer(
        "Line",
        required=True,
        readonly=True,
        copy=False,
        help="Within the remesa, given once: the layer's PEPS key bears it.",
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("immex_class", "!=", False)],
    )
    lot_name = fields.Char("Lot or Serial")
    quantity = fields.Float(
        digits=(18, 6), required=True, help="In the product's unit."
    )
    qty_umc = fields.Float(
        "Quantity UMC", digits=(18, 3), help="As in the COVE, where it is known."
    )
    umc_id = fields.Many2one("immex.unit", "UMC")
    value_usd = fields.Float(
        "Value (USD)", digits=(18, 2), help="Until the pedimento states the partida's."
    )
    customs_value = fields.Float("Customs Value (MXN)", digits=(18, 2))
    origin_country_id = fields.Many2one("res.country", "Country of Origin")
    link_ids = fields.One2many("immex.remesa.link", "remesa_line_id")
    layer_ids = fields.One2many("immex.layer", "remesa_line_id")

    _number_unique = models.Constraint(
        "UNIQUE (remesa_id, number)", "A line number occurs once in a remesa."
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A remesa carries quantities greater than zero."
    )

    @api.model_create_multi
    def create(self, vals_list):
        last = {}
        remesas = self.env["immex.remesa"]
        for vals in vals_list:
            if not (remesa_id := vals.get("remesa_id")):
                continue
            if remesa_id not in last:
                lines = remesas.browse(remesa_id).line_ids
                last[remesa_id] = max(lines.mapped("number"), default=0)
            last[remesa_id] += 1
            vals["number"] = last[remesa_id]
        return super().create(vals_list)
