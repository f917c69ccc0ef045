# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .walk import count_by, part, spaced, title, window


class ImmexExitLine(models.Model):
    """What left, or ceased to be temporary, under one line of one customs document.

    Without its document (a delivery alone) the exit is provisional: shown apart,
    outside official reports, and it never discharges (LA 108; RLA 170).
    Dates: ``date`` physical, ``document_date`` payment, act or acknowledgement,
    ``period`` (AAAA-MM) the one of official reports.
    """

    _name = "immex.exit.line"
    _inherit = "immex.abstract.grouped"
    _description = "Exit"
    _order = "date desc, natural_key desc"
    _log_access = False  # written by runs alone, which tell who and when
    _rec_name = "natural_key"
    _rec_names_search = [
        "pedimento_id",
        "product_id",
        "destruction_line_id.destruction_id",
        "movement_id",
    ]
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True)
    kind = fields.Selection(
        [
            ("return", "Return abroad"),
            ("transfer", "Virtual transfer"),
            ("regime_change", "Change of regime"),
            ("regularization", "Regularisation"),
            ("donation", "Donation"),
            ("destruction", "Destruction"),
            ("export", "Definitive export"),
            ("provisional", "Without customs document"),
        ],
        required=True,
    )
    official = fields.Boolean(
        help="A customs document backs this exit, so that it discharges."
    )
    source_key = fields.Char(
        required=True,
        help="What the exit stands for: goods line (G), line of a destruction (D) or "
        "undocumented movement (M).",
    )
    operation_rule_id = fields.Many2one("immex.operation.rule", ondelete="restrict")
    pedimento_id = fields.Many2one(
        "immex.pedimento", index="btree_not_null", ondelete="restrict"
    )
    partida_id = fields.Many2one("immex.pedimento.partida", ondelete="restrict")
    goods_id = fields.Many2one(
        "immex.pedimento.goods", index="btree_not_null", ondelete="restrict"
    )
    destruction_line_id = fields.Many2one(
        "immex.destruction.line", index="btree_not_null", ondelete="restrict"
    )
    movement_id = fields.Many2one(
        "immex.movement", index="btree_not_null", ondelete="restrict"
    )
    remesa_line_id = fields.Many2one(
        "immex.remesa.line",
        "Remesa",
        index="btree_not_null",
        ondelete="set null",
        help="Remesa in which the goods left: provisional until the pedimento is "
        "closed and paid, then the part of the goods line that left with it.",
    )
    product_id = fields.Many2one("product.product", required=True, index=True)
    lot_id = fields.Many2one("stock.lot", "Lot or Serial", bypass_search_access=True)
    is_waste = fields.Boolean("Waste")
    layer_scope = fields.Selection(
        [
            ("all", "All layers"),
            ("unexpired", "Unexpired layers"),
            ("expired", "Expired layers"),
        ],
        required=True,
        default="all",
        help="F4 and F5 take unexpired layers only (Appendix 2).",
    )
    is_asset = fields.Boolean("Fixed Asset")
    has_temporary = fields.Boolean(
        "Temporary Content",
        help="Left without customs document, and temporary material is in it: that "
        "balance stays charged.",
    )
    layer_choice = fields.Selection(
        [("peps", "PEPS"), ("named", "Imports that the document names")],
        required=True,
        default="peps",
    )
    partner_id = fields.Many2one("res.partner", "Recipient", index="btree_not_null")
    country_id = fields.Many2one("res.country", "Destination")
    quantity = fields.Float(
        digits=(18, 6), required=True, help="In the product's unit."
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    qty_delivered = fields.Float("Delivered", digits=(18, 6), required=True, default=0)
    date = fields.Date("Physical Date", required=True, index=True)
    document_date = fields.Date(index="btree_not_null")
    period = fields.Char(size=7, index="btree_not_null")
    natural_key = fields.Char(required=True)
    active = fields.Boolean(default=True)
    requirement_ids = fields.One2many("immex.requirement", "exit_line_id")
    discharge_ids = fields.One2many("immex.discharge", "exit_line_id")

    discharge_count = fields.Integer(compute="_compute_counts")
    shortage_count = fields.Integer("Shortages", compute="_compute_counts")
    value_count = fields.Integer("Discharges by Value", compute="_compute_counts")

    _source_unique = models.Constraint(
        "UNIQUE (company_id, source_key)", "This document line already has its exit."
    )
    _tail = models.Index("(company_id, product_id, date) WHERE active")
    _undocumented = models.Index("(company_id) WHERE active AND NOT official")
    _undelivered = models.Index(
        "(company_id) WHERE active AND official AND qty_delivered <> quantity"
    )
    _official_document = models.Constraint(
        "CHECK (NOT official OR document_date IS NOT NULL)",
        "An official exit has the date of its document.",
    )

    @api.depends("pedimento_id", "destruction_line_id", "movement_id", "product_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self.sudo():
            line.display_name = title(line._document_title(), part(line.product_id))

    def _document_title(self):
        """Number of the document under which it left: pedimento, act or transfer."""
        if self.pedimento_id:
            return spaced(self.pedimento_id.number)
        if self.destruction_line_id:
            act = self.destruction_line_id.destruction_id
            return act.act_number or act.notice_folio
        return self.movement_id.picking_id.name or self.env._("Without document")

    @api.depends("discharge_ids", "requirement_ids")
    def _compute_counts(self):
        in_force = [("superseded_run_id", "=", False)]
        discharges = count_by(self, "immex.discharge", "exit_line_id", in_force)
        shortages = count_by(
            self,
            "immex.requirement",
            "exit_line_id",
            [*in_force, ("qty_shortage", ">", 0)],
        )
        values = count_by(self, "immex.value.discharge", "exit_line_id", in_force)
        for line in self:
            line.value_count = values.get(line.id, 0)
            line.discharge_count = discharges.get(line.id, 0)
            line.shortage_count = shortages.get(line.id, 0)

    def action_value_discharges(self):
        """The same in value, where the year is discharged by value."""
        return window(
            self.env,
            self.env._("Discharges by Value"),
            "immex.value.discharge",
            [("exit_line_id", "in", self.ids), ("superseded_run_id", "=", False)],
        )

    def action_discharges(self):
        """The discharges in force of these exits."""
        return window(
            self.env,
            self.env._("Discharges"),
            "immex.discharge",
            [("exit_line_id", "in", self.ids), ("superseded_run_id", "=", False)],
        )

    def action_origin(self):
        """What these exits were made of, by status and country of origin."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_exit_origin"
        )
        return action | {"domain": [("exit_line_id", "in", self.ids)]}

    def action_shortages(self):
        """What no layer covered."""
        return window(
            self.env,
            self.env._("Shortages"),
            "immex.requirement",
            [
                ("exit_line_id", "in", self.ids),
                ("superseded_run_id", "=", False),
                ("qty_shortage", ">", 0),
            ],
        )
