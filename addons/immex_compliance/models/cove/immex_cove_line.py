# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .cove_values import refresh_values


class ImmexCoveLine(models.Model):
    """Goods of a COVE. Quantity and total are entered; what one unit is worth, and the
    dollars, follow from them."""

    _name = "immex.cove.line"
    _description = "Goods of a COVE"
    _order = "cove_id, sequence, id"
    _rec_name = "description"
    _check_company_auto = True

    cove_id = fields.Many2one(
        "immex.cove", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(
        related="cove_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="cove_id.currency_id")
    sequence = fields.Integer(default=10)
    position = fields.Integer("No.", compute="_compute_position")
    invoice_number = fields.Char(
        "Invoice", help="To which invoice of the list these goods belong."
    )
    product_id = fields.Many2one("product.product", check_company=True)
    description = fields.Char(
        "Generic Description",
        compute="_compute_from_product",
        store=True,
        readonly=False,
        precompute=True,
        help="Commercial description of the goods; 256 characters.",
    )
    uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        compute="_compute_from_product",
        store=True,
        readonly=False,
        precompute=True,
    )
    unit_code = fields.Char(
        "COVE Unit",
        compute="_compute_unit_code",
        store=True,
        readonly=False,
        precompute=True,
        size=10,
        help="Key of the unit in the catalogue of COVE (C62_1 is a piece).",
    )
    quantity = fields.Float(digits=(18, 3))
    total = fields.Float("Total Value", digits=(24, 6))
    unit_value = fields.Float(digits=(24, 6), readonly=True)
    usd = fields.Float("Value (USD)", digits=(18, 4), readonly=True)
    brand = fields.Char(size=100)
    model = fields.Char(size=50)
    submodel = fields.Char(size=50)
    serial = fields.Char("Serial Number", size=25)

    @api.depends("cove_id.line_ids.sequence")
    def _compute_position(self):
        for cove, lines in self.grouped("cove_id").items():
            order = {line: number for number, line in enumerate(cove.line_ids, 1)}
            for line in lines:
                line.position = order.get(line, 0)

    @api.depends("product_id")
    def _compute_from_product(self):
        for line in self:
            product = line.product_id
            line.description = (
                product.immex_customs_description or product.name or line.description
            )
            line.uom_id = product.uom_id or line.uom_id

    @api.depends("uom_id")
    def _compute_unit_code(self):
        codes = self.uom_id._immex_cove_codes()
        for line in self:
            line.unit_code = codes.get(line.uom_id) or line.unit_code

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.cove_id._check_draft()
        refresh_values(lines.cove_id)
        return lines

    def write(self, vals):
        self.cove_id._check_draft()
        result = super().write(vals)
        if {"quantity", "total", "cove_id"} & set(vals):
            refresh_values(self.cove_id)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_of_drafts(self):
        self.cove_id._check_draft()
