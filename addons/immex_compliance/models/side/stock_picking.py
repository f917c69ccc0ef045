# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from . import side_sql
from .uncovered_sql import UNCOVERED


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "immex.abstract.side"]

    immex_uncovered = fields.Char(
        "Without Balance",
        compute="_compute_immex_uncovered",
        groups="immex_compliance.group_user",
        help="Parts of this delivery, and temporary material in them, of which the "
        "books, after their last run, hold less than what is to leave.",
    )

    def _immex_side(self):
        return self._immex_side_sql(side_sql.OF_TRANSFERS, transfers=side_sql.TRANSFERS)

    @api.depends("move_ids.product_qty", "move_ids.state", "immex_pedimento_id")
    @api.depends_context("allowed_company_ids", "lang")
    def _compute_immex_uncovered(self):
        query = self._immex_side_sql(UNCOVERED)
        rows = self.env.execute_query(query) if query is not None else []
        products = self.env["product.product"].browse(row[1] for row in rows)
        names = {product.id: product.display_name for product in products}
        short = {}
        for picking, product, asked, left in rows:
            text = self.env._(
                "%(product)s: %(asked)s to leave, %(left)s in the books",
                product=names[product],
                asked=_plain(asked),
                left=_plain(left),
            )
            short.setdefault(picking, []).append(text)
        for picking in self:
            picking.immex_uncovered = "; ".join(short.get(picking._origin.id, ()))


def _plain(number):
    """A decimal text without the zeros that say nothing."""
    return number.rstrip("0").rstrip(".") if "." in number else number
