# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..stock.stock_location import CUSTOMS_STATUSES

REQUIREMENT_KINDS = [
    ("incorporated", "Incorporated"),
    ("merma", "Merma"),
    ("waste", "Waste (desperdicio)"),
    ("same_state", "Same state"),
]


class ImmexRequirement(models.Model):
    """Material that one exit line takes out of the inventory, by its path.

    ``quantity = qty_discharged + qty_shortage`` under a CHECK; a trigger keeps both
    counters from the ledger. Superseded, never changed nor deleted.
    """

    _name = "immex.requirement"
    _description = "Material requirement of an exit"
    _order = "exit_line_id, product_id, id"
    _rec_name = "natural_key"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    exit_line_id = fields.Many2one(
        "immex.exit.line", required=True, ondelete="restrict", index=True
    )
    product_id = fields.Many2one(
        "product.product", "Material", required=True, index=True
    )
    customs_status = fields.Selection(CUSTOMS_STATUSES, required=True)
    kind = fields.Selection(REQUIREMENT_KINDS, required=True)
    top_layer_id = fields.Many2one(
        "immex.production.layer", "Production of the Exit", ondelete="restrict"
    )
    production_layer_id = fields.Many2one(
        "immex.production.layer",
        "Production That Drew It",
        ondelete="restrict",
        index="btree_not_null",
    )
    consumption_id = fields.Many2one(
        "immex.production.consumption", ondelete="restrict", index="btree_not_null"
    )
    unexplained = fields.Boolean(
        help="No production layer tells the materials of this quantity."
    )
    quantity = fields.Float(digits=(18, 6), required=True)
    qty_discharged = fields.Float(
        "Discharged", digits=(18, 6), required=True, default=0, readonly=True
    )
    qty_shortage = fields.Float(
        "Shortage", digits=(18, 6), required=True, readonly=True
    )
    date = fields.Date(required=True)
    natural_key = fields.Char(required=True)
    run_id = fields.Many2one(
        "immex.discharge.run", required=True, ondelete="restrict", index=True
    )
    superseded_run_id = fields.Many2one(
        "immex.discharge.run", ondelete="restrict", index="btree_not_null"
    )
    discharge_ids = fields.One2many("immex.discharge", "requirement_id")

    _balance = models.Constraint(
        "CHECK (quantity > 0 AND qty_discharged >= 0 AND qty_shortage >= 0"
        " AND quantity = qty_discharged + qty_shortage)",
        "Requirement is discharged plus shortage.",
    )
    _active_key = models.UniqueIndex(
        "(exit_line_id, natural_key) WHERE superseded_run_id IS NULL"
    )
    # from a date of a part on: what a run computes again
    _tail = models.Index(
        "(company_id, product_id, date) WHERE superseded_run_id IS NULL"
    )
    _short = models.Index(
        "(company_id) WHERE superseded_run_id IS NULL AND qty_shortage > 0"
    )
