# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from . import side_sql


class AbstractProductSide(models.AbstractModel):
    """The customs side of a product: all its layers and exits, and what is left."""

    _name = "immex.abstract.product.side"
    _inherit = "immex.abstract.side"
    _description = "Customs side of a product"

    immex_balance = fields.Float(
        "Temporary Balance",
        digits=(18, 6),
        compute="_compute_immex_balance",
        groups="immex_compliance.group_user",
        help="Left of its temporary imports, in the product's unit.",
    )

    def _immex_products(self):
        """Statement of the rows (host_id, product_id)."""
        raise NotImplementedError

    def _immex_side(self):
        return self._immex_side_sql(side_sql.PRODUCTS, products=self._immex_products())

    @api.depends_context("allowed_company_ids")
    def _compute_immex_balance(self):
        rows = self._immex_side_sql(side_sql.BALANCE, products=self._immex_products())
        left = dict(self.env.execute_query(rows)) if rows is not None else {}
        for record in self:
            record.immex_balance = left.get(record._origin.id, 0)

    def _immex_variants(self):
        rows = self._immex_side_sql(self._immex_products())
        if rows is None:
            return []
        return [row[1] for row in self.env.execute_query(SQL("%s", rows))]

    def _immex_side_domain(self, kind):
        # by part: a list of ids would be as long as the history
        field = "goods_ids.product_id" if kind == "pedimento" else "product_id"
        domain = [(field, "in", self._immex_variants())]
        return domain if kind == "pedimento" else [*domain, ("active", "=", True)]

    def _immex_origin_domain(self):
        variants = self._immex_variants()
        return [
            "|",
            ("exit_product_id", "in", variants),
            ("product_id", "in", variants),
        ]

    def action_immex_balance(self):
        """Button: the temporary layers that still hold something."""
        action = self._immex_side_window(self.env._("Temporary Balance"), "layer")
        return action | {
            "view_mode": "list,form",
            "res_id": False,
            "domain": [
                *self._immex_side_domain("layer"),
                ("customs_status", "=", "temporary"),
                ("has_balance", "=", True),
            ],
        }
