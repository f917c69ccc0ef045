# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..stock.stock_location import CUSTOMS_STATUSES
from .walk import count_by, part, title, window

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
    _inherit = "immex.abstract.grouped"
    _description = "Material requirement of an exit"
    _order = "date desc, id desc"
    _log_access = False  # written by runs alone, which tell who and when
    _rec_name = "natural_key"
    _rec_names_search = ["exit_line_id", "product_id"]
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True)
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

    discharge_count = fields.Integer(compute="_compute_discharge_count")
    production_id = fields.Many2one(
        related="production_layer_id.production_id", string="Order"
    )
    coverage = fields.Selection(
        [
            ("covered", "Covered"),
            ("partial", "Partly short"),
            ("short", "Short"),
            ("superseded", "Superseded"),
        ],
        compute="_compute_coverage",
    )

    _balance = models.Constraint(
        "CHECK (quantity > 0 AND qty_discharged >= 0 AND qty_shortage >= 0"
        " AND quantity = qty_discharged + qty_shortage)",
        "Requirement is discharged plus shortage.",
    )
    _active_key = models.UniqueIndex(
        "(exit_line_id, natural_key) WHERE superseded_run_id IS NULL"
    )
    # as the list comes
    _latest = models.Index("(date DESC, id DESC) WHERE superseded_run_id IS NULL")
    # from a date of a part on: what a run computes again
    _tail = models.Index(
        "(company_id, product_id, date) WHERE superseded_run_id IS NULL"
    )

    # what no layer covers: the result page of a run lists them
    _short = models.Index(
        "(company_id, product_id) WHERE superseded_run_id IS NULL AND qty_shortage > 0"
    )

    @api.depends("exit_line_id", "product_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for requirement in self.sudo():
            requirement.display_name = title(
                requirement.exit_line_id.display_name, part(requirement.product_id)
            )

    @api.depends("qty_discharged", "qty_shortage", "superseded_run_id")
    def _compute_coverage(self):
        for requirement in self:
            if requirement.superseded_run_id:
                requirement.coverage = "superseded"
            elif not requirement.qty_shortage:
                requirement.coverage = "covered"
            else:
                requirement.coverage = (
                    "partial" if requirement.qty_discharged else "short"
                )

    @api.depends("discharge_ids")
    def _compute_discharge_count(self):
        counts = count_by(self, "immex.discharge", "requirement_id")
        for requirement in self:
            requirement.discharge_count = counts.get(requirement.id, 0)

    def action_discharges(self):
        """Every discharge that this requirement ever had, superseded ones too."""
        return window(
            self.env,
            self.env._("Discharges"),
            "immex.discharge",
            [("requirement_id", "in", self.ids)],
        )
