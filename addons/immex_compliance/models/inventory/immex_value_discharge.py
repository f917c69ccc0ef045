# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ...engine import value_invariants
from .immex_requirement import REQUIREMENT_KINDS


class ImmexValueDischarge(models.Model):
    """By-value ledger row: one requirement took ``value`` from one layer.

    Value in the currency of the company's by-value years (``currency``), in cents.
    Without layer: value that no pedimento held when the exit took place. Append-only,
    as the ledger by part is: triggers refuse deletion and every update but the one
    that marks a row superseded (RGCE Anexo 24, A-II and B-IV-d-4).
    """

    _name = "immex.value.discharge"
    _description = "Discharge by value"
    _order = "exit_date desc, id desc"
    _log_access = False  # written by runs alone, which tell who and when
    _rec_names_search = ["exit_line_id", "layer_id"]
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True)
    run_id = fields.Many2one(
        "immex.discharge.run", required=True, ondelete="restrict", index=True
    )
    superseded_run_id = fields.Many2one(
        "immex.discharge.run", ondelete="restrict", index="btree_not_null"
    )
    year = fields.Integer("Fiscal Year", required=True, aggregator=None)
    method = fields.Selection(
        [
            ("fraction_value", "By value, per tariff item"),
            ("pedimento_value", "By value, per pedimento"),
        ],
        required=True,
    )
    currency = fields.Selection(
        [("usd", "Value in USD"), ("mxn", "Customs value in MXN")], required=True
    )
    requirement_id = fields.Many2one(
        "immex.requirement", required=True, ondelete="restrict", index=True
    )
    exit_line_id = fields.Many2one(
        "immex.exit.line", required=True, ondelete="restrict", index=True
    )
    layer_id = fields.Many2one(
        "immex.layer",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: no pedimento held this value.",
    )
    fraccion = fields.Char(
        "Tariff Item", size=8, help="Of the layer; of what left where none served."
    )
    kind = fields.Selection(REQUIREMENT_KINDS, required=True)
    exit_date = fields.Date(required=True)
    value = fields.Float(digits=(18, 2), required=True)
    late = fields.Boolean(help="The layer's term had ended when the goods left.")
    pedimento_id = fields.Many2one(
        related="layer_id.pedimento_id", string="Import Pedimento"
    )
    product_id = fields.Many2one(
        related="requirement_id.product_id", string="Material That Left"
    )
    layer_product_id = fields.Many2one(
        related="layer_id.product_id", string="Part of the Layer"
    )
    exit_pedimento_id = fields.Many2one(
        related="exit_line_id.pedimento_id", string="Exit Pedimento"
    )

    _positive = models.Constraint("CHECK (value > 0)", "A discharge needs a value.")
    _current_row = models.Index(
        "(company_id, year, exit_date) WHERE superseded_run_id IS NULL"
    )
    _short = models.Index(
        "(company_id) WHERE superseded_run_id IS NULL AND layer_id IS NULL"
    )

    def init(self):
        # of every table of the ledger, whatever order the models are made in
        self.pool.post_init(value_invariants.install, self.env.cr)
