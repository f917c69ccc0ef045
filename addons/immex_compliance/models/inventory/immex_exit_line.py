# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexExitLine(models.Model):
    """What left, or ceased to be temporary, under one line of one customs document.

    Without its document (a delivery alone) the exit is provisional: shown apart,
    outside official reports, and it never discharges (LA 108; RLA 170).
    Dates: ``date`` physical, ``document_date`` payment, act or acknowledgement,
    ``period`` (AAAA-MM) the one of official reports.
    """

    _name = "immex.exit.line"
    _description = "Exit"
    _order = "date desc, natural_key desc"
    _rec_name = "natural_key"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
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
        index=True,
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
    product_id = fields.Many2one("product.product", required=True, index=True)
    lot_id = fields.Many2one("stock.lot", "Lot or Serial")
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
    partner_id = fields.Many2one("res.partner", "Recipient")
    country_id = fields.Many2one("res.country", "Destination")
    quantity = fields.Float(
        digits=(18, 6), required=True, help="In the product's unit."
    )
    qty_delivered = fields.Float("Delivered", digits=(18, 6), required=True, default=0)
    date = fields.Date("Physical Date", required=True, index=True)
    document_date = fields.Date(index="btree_not_null")
    period = fields.Char(size=7, index="btree_not_null")
    natural_key = fields.Char(required=True)
    active = fields.Boolean(default=True)
    requirement_ids = fields.One2many("immex.requirement", "exit_line_id")
    discharge_ids = fields.One2many("immex.discharge", "exit_line_id")

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
