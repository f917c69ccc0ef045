# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ImmexPartFactor(models.Model):
    """How many units of a customs unit one Odoo unit of the part makes, by date.

    ``quantity in the customs unit = quantity in the product's unit x factor``.
    Odoo 19 converts any unit into any other without complaint, so a factor between
    different kinds of units is always a statement of the company. ``part_quantity``
    keeps ratios exact that no decimal writes: one box for 12 pieces is factor 1 in
    12 units of the product.
    """

    _name = "immex.part.factor"
    _description = "Customs unit factor of a part"
    _order = "product_tmpl_id, unit_id, valid_from desc"

    product_tmpl_id = fields.Many2one(
        "product.template", "Product", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", index=True)
    unit_id = fields.Many2one("immex.unit", "Customs Unit", required=True)
    factor = fields.Float(
        digits=(20, 10),
        required=True,
        help="Customs units in one unit of the product, for instance 0.0125 when "
        "a piece weighs 12.5 g and customs counts kilograms.",
    )
    part_quantity = fields.Float(
        "In Units of the Product",
        digits=(20, 10),
        required=True,
        default=1.0,
        help="Units of the product that hold the customs units at the left. More "
        "than one where a decimal would not be exact: 1 dozen in 12 pieces.",
    )
    valid_from = fields.Date(required=True, default="2000-01-01")

    _factor_positive = models.Constraint(
        "CHECK (factor > 0 AND part_quantity > 0)",
        "A factor must be greater than zero.",
    )
    _factor_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (product_tmpl_id, unit_id, valid_from, company_id)",
        "This part already has a factor for the unit from that date.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        factors = super().create(vals_list)
        factors._settle_waiting()
        return factors

    def write(self, vals):
        result = super().write(vals)
        self._settle_waiting()
        return result

    @api.private
    def _settle_waiting(self):
        """Partidas that waited for a factor of these parts move on.

        Pedimentos without such a partida keep the factors that they were mapped with.
        """
        goods = (
            self.env["immex.pedimento.goods"]
            .sudo()
            .search(
                [
                    ("product_id.product_tmpl_id", "in", self.product_tmpl_id.ids),
                    ("partida_id.detail_state", "=", "no_factor"),
                ]
            )
        )
        goods.pedimento_id._recompute_detail()
