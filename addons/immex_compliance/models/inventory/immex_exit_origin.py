# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models, tools

from ..stock.stock_location import CUSTOMS_STATUSES
from .immex_requirement import REQUIREMENT_KINDS


class ImmexExitOrigin(models.Model):
    """What an exit was made of: material, customs status and country of origin.

    One row per exit, material, status, kind and country, from the ledger in force;
    what no layer covers has neither country nor value. This is what a certificate of
    origin, or a duty deferral (TLCAN 303, T-MEC 2.5), asks of an exported product.
    """

    _name = "immex.exit.origin"
    _description = "Origin of what left"
    _auto = False
    _order = "exit_date desc, exit_line_id, product_id, id"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", readonly=True)
    exit_line_id = fields.Many2one("immex.exit.line", "Exit", readonly=True)
    exit_date = fields.Date(readonly=True)
    exit_product_id = fields.Many2one("product.product", "What Left", readonly=True)
    exit_pedimento_id = fields.Many2one("immex.pedimento", readonly=True)
    product_id = fields.Many2one("product.product", "Material", readonly=True)
    kind = fields.Selection(REQUIREMENT_KINDS, readonly=True)
    customs_status = fields.Selection(CUSTOMS_STATUSES, readonly=True)
    origin_country_id = fields.Many2one(
        "res.country", "Country of Origin", readonly=True
    )
    covered = fields.Boolean(readonly=True, help="Off: no layer has it.")
    quantity = fields.Float(digits=(18, 6), readonly=True)
    value_usd = fields.Float("Value (USD)", digits=(18, 2), readonly=True)
    customs_value = fields.Float("Customs Value (MXN)", digits=(18, 2), readonly=True)

    def action_open_exit(self):
        """Button of a row: the exit with its discharges."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "immex.exit.line",
            "res_id": self.exit_line_id.id,
            "views": [(False, "form")],
        }

    def init(self):
        # once the tables that it reads are there
        self.pool.post_init(_make_view, self.env.cr)


def _make_view(cr):
    tools.drop_view_if_exists(cr, "immex_exit_origin")
    cr.execute(VIEW)


VIEW = """
CREATE VIEW immex_exit_origin AS
SELECT min(d.id) AS id, d.company_id, d.exit_line_id, d.exit_date,
       e.product_id AS exit_product_id, e.pedimento_id AS exit_pedimento_id,
       d.product_id, d.kind, l.customs_status, l.origin_country_id, TRUE AS covered,
       sum(d.quantity) AS quantity, sum(d.value_usd) AS value_usd,
       sum(d.customs_value) AS customs_value
  FROM immex_discharge d
  JOIN immex_layer l ON l.id = d.layer_id
  JOIN immex_exit_line e ON e.id = d.exit_line_id
 WHERE d.superseded_run_id IS NULL
 GROUP BY d.company_id, d.exit_line_id, d.exit_date, e.product_id, e.pedimento_id,
          d.product_id, d.kind, l.customs_status, l.origin_country_id
UNION ALL
-- a row of its own for the web client: no two rows have the same id
SELECT -min(r.id), r.company_id, r.exit_line_id, e.date, e.product_id, e.pedimento_id,
       r.product_id, r.kind, r.customs_status, NULL, FALSE, sum(r.qty_shortage),
       NULL, NULL
  FROM immex_requirement r
  JOIN immex_exit_line e ON e.id = r.exit_line_id
 WHERE r.superseded_run_id IS NULL AND r.qty_shortage > 0
 GROUP BY r.company_id, r.exit_line_id, e.date, e.product_id, e.pedimento_id,
          r.product_id, r.kind, r.customs_status
"""
