# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..stock.product_template import IMMEX_CLASSES
from ..stock.stock_location import CUSTOMS_STATUSES
from .walk import count_by, part, spaced, title, window


class ImmexLayer(models.Model):
    """A PEPS stack entry (capa): what one goods line brought in.

    Quantity is the declared one. ``qty_discharged`` is a counter that a database
    trigger keeps from the ledger, under a CHECK: a layer can never give more than
    it has. Dates: ``available_date`` (may not serve an earlier exit), ``peps_date``
    (order), ``term_start`` and ``term_end`` (legal stay).
    """

    _name = "immex.layer"
    _inherit = "immex.abstract.grouped"
    _description = "Layer (capa)"
    _order = "product_id, peps_date, peps_key"
    _rec_name = "peps_key"
    _rec_names_search = ["pedimento_id", "product_id", "lot_name", "movement_id"]
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True)
    product_id = fields.Many2one("product.product", required=True)
    lot_name = fields.Char("Lot or Serial")
    goods_class = fields.Selection(IMMEX_CLASSES, required=True)
    customs_status = fields.Selection(CUSTOMS_STATUSES, required=True)
    source = fields.Selection(
        [
            ("import", "Import pedimento"),
            ("remesa", "Remesa (provisional)"),
            ("opening", "Initial balance"),
            ("regime_change", "Change of regime"),
            ("domestic", "Domestic purchase"),
        ],
        required=True,
    )
    goods_id = fields.Many2one(
        "immex.pedimento.goods", index="btree_not_null", ondelete="restrict"
    )
    partida_id = fields.Many2one(
        "immex.pedimento.partida", index="btree_not_null", ondelete="restrict"
    )
    pedimento_id = fields.Many2one(
        "immex.pedimento", index="btree_not_null", ondelete="restrict"
    )
    movement_id = fields.Many2one(
        "immex.movement",
        "Domestic Receipt",
        index="btree_not_null",
        ondelete="restrict",
    )
    remesa_line_id = fields.Many2one(
        "immex.remesa.line",
        "Remesa",
        index="btree_not_null",
        ondelete="set null",
        help="Remesa in which the goods came: provisional until the pedimento closes, "
        "then the part of the goods line that came on its date.",
    )
    owner_id = fields.Many2one("res.partner", "Principal", index="btree_not_null")
    quantity = fields.Float(
        digits=(18, 6), required=True, help="In the product's unit."
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    qty_discharged = fields.Float(
        "Discharged", digits=(18, 6), required=True, default=0, readonly=True
    )
    qty_balance = fields.Float(
        "Balance", digits=(18, 6), compute="_compute_balance", compute_sudo=True
    )
    qty_reserved = fields.Float(
        "Reserved",
        digits=(18, 6),
        compute="_compute_qty_reserved",
        help="Kept for documents that are filed and not yet executed.",
    )
    has_balance = fields.Boolean(search="_search_has_balance", store=False)
    expires_soon = fields.Boolean(search="_search_expires_soon", store=False)
    qty_received = fields.Float("Received", digits=(18, 6), required=True, default=0)
    qty_umc = fields.Float("Quantity UMC", digits=(18, 3))
    umc_id = fields.Many2one("immex.unit", "UMC")
    qty_umt = fields.Float("Quantity UMT", digits=(23, 5))
    umt_id = fields.Many2one("immex.unit", "UMT")
    value_usd = fields.Float("Value (USD)", digits=(18, 2))
    customs_value = fields.Float("Customs Value (MXN)", digits=(18, 2))
    commercial_value = fields.Float("Commercial Value (MXN)", digits=(18, 2))
    igi_rate = fields.Float("Duty Rate (%)", digits=(15, 10))
    value_given = fields.Float(
        "Discharged by Value",
        digits=(18, 2),
        readonly=True,
        help="Counter of the by-value ledger, in the currency of the by-value years.",
    )
    fraccion = fields.Char("Tariff Item", size=8, index=True)
    nico = fields.Char("NICO", size=2)
    origin_country_id = fields.Many2one("res.country", "Country of Origin")
    available_date = fields.Date("Available", required=True)
    peps_date = fields.Date("PEPS Date", required=True)
    peps_key = fields.Char(
        "PEPS Key",
        required=True,
        help="Natural order within a date: year, office, patent, number, partida, "
        "line. Never a database id.",
    )
    term_start = fields.Date()
    term_start_presumed = fields.Boolean(
        help="The selection mechanism's date is unknown: the earlier of entry and "
        "payment was taken."
    )
    term_end = fields.Date("Expires", index="btree_not_null")
    term_safe_date = fields.Date(
        "Safe Date",
        help="Same day of the last month, cut to the month's end: earlier than or "
        "equal to the expiry of CFF art. 12. Alerts use this one.",
    )
    term_rule_id = fields.Many2one("immex.term.rule", ondelete="restrict")
    source_key = fields.Char(required=True)
    first_run = fields.Integer(
        "Known Since Run",
        readonly=True,
        help="Number of the run that made the layer; none: before this was kept.",
    )
    active = fields.Boolean(default=True, help="Off: no document says this any more.")
    discharge_ids = fields.One2many("immex.discharge", "layer_id")

    discharge_count = fields.Integer(compute="_compute_discharge_count")
    term_state = fields.Selection(
        [
            ("expired", "Expired"),
            ("expiring", "Expires soon"),
            ("current", "In term"),
            ("used", "Used up"),
            ("none", "No term"),
        ],
        "Term",
        compute="_compute_term_state",
        help="At today's date: expired with balance, the safe date near (days of the "
        "settings), within its term, nothing left, or no term at all.",
    )

    _source_unique = models.Constraint(
        "UNIQUE (company_id, source_key)", "A document line makes one layer."
    )
    _unreceived = models.Index(
        "(company_id) WHERE active AND source = 'import' AND qty_received < quantity"
    )
    _unreceived_remesa = models.Index(
        "(company_id) WHERE active AND source = 'remesa' AND qty_received < quantity"
    )
    _range = models.Constraint(
        "CHECK (qty_discharged >= 0 AND qty_discharged <= quantity)",
        "A layer cannot be discharged beyond its quantity.",
    )
    _stack = models.Index(
        "(company_id, product_id, customs_status, peps_date, peps_key)"
    )

    @api.depends("quantity", "qty_discharged")
    def _compute_balance(self):
        for layer in self:
            layer.qty_balance = layer.quantity - layer.qty_discharged

    def _compute_qty_reserved(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.layer_id, sum(r.quantity) FROM immex_reservation r
                 WHERE r.layer_id IN %s AND NOT EXISTS (
                       SELECT FROM immex_exit_line e
                        WHERE e.company_id = r.company_id AND e.active
                          AND e.source_key = r.document_key)
                 GROUP BY r.layer_id
                """,
                tuple(self.ids) or (0,),
            )
        )
        reserved = dict(rows)
        for layer in self:
            layer.qty_reserved = reserved.get(layer.id, 0)

    @api.depends(
        "pedimento_id",
        "partida_id",
        "remesa_line_id",
        "product_id",
        "movement_id",
        "lot_name",
    )
    @api.depends_context("lang")
    def _compute_display_name(self):
        for layer in self.sudo():
            if layer.pedimento_id:
                document = title(
                    spaced(layer.pedimento_id.number),
                    layer.partida_id
                    and self.env._("partida %(n)s", n=layer.partida_id.sequence),
                    layer.remesa_line_id
                    and self.env._(
                        "remesa %(n)s", n=layer.remesa_line_id.remesa_id.number
                    ),
                )
            else:
                document = title(
                    layer.movement_id.picking_id.name or self.env._("Domestic"),
                    layer.peps_date,
                )
            layer.display_name = title(document, part(layer.product_id), layer.lot_name)

    @api.depends("discharge_ids")
    def _compute_discharge_count(self):
        counts = count_by(
            self, "immex.discharge", "layer_id", [("superseded_run_id", "=", False)]
        )
        for layer in self:
            layer.discharge_count = counts.get(layer.id, 0)

    @api.depends("term_end", "term_safe_date", "quantity", "qty_discharged")
    @api.depends_context("tz", "immex_at_date")
    def _compute_term_state(self):
        """Asked at a date (context ``immex_at_date``, else today), never stored."""
        today = fields.Date.to_date(
            self.env.context.get("immex_at_date")
        ) or fields.Date.context_today(self)
        for layer in self:
            days = layer.company_id.sudo().immex_expiring_days
            soon = fields.Date.add(today, days=days)
            if layer.quantity <= layer.qty_discharged:
                layer.term_state = "used"
            elif not layer.term_end:
                layer.term_state = "none"
            elif layer.term_end < today:
                layer.term_state = "expired"
            elif (layer.term_safe_date or layer.term_end) <= soon:
                layer.term_state = "expiring"
            else:
                layer.term_state = "current"

    def action_value_discharges(self):
        """The same in value, where the year is discharged by value."""
        return window(
            self.env,
            self.env._("Discharges by Value"),
            "immex.value.discharge",
            [("layer_id", "in", self.ids), ("superseded_run_id", "=", False)],
        )

    def action_discharges(self):
        """The discharges in force that consumed these layers."""
        return window(
            self.env,
            self.env._("Discharges"),
            "immex.discharge",
            [("layer_id", "in", self.ids), ("superseded_run_id", "=", False)],
        )

    def action_receipts(self):
        """The transfers that received these layers, declared or domestic."""
        movements = self.goods_id.sudo().link_ids.movement_id | self.movement_id.sudo()
        return window(
            self.env,
            self.env._("Receipts"),
            "stock.picking",
            [("id", "in", movements.picking_id.ids)],
        )

    def _search_has_balance(self, operator, value):
        """Layers that still hold something: compared in the database, exactly."""
        if operator != "in":
            return NotImplemented
        sign = SQL(">=") if set(value) == {False} else SQL("<")
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s %s %s",
                model._field_to_sql(alias, "qty_discharged", query),
                sign,
                model._field_to_sql(alias, "quantity", query),
            )
        )

    def _search_expires_soon(self, operator, value):
        """Layers with balance whose safe date is past, or near by the settings of
        their company."""
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        near = SQL(
            """(
            SELECT l.id FROM immex_layer l JOIN res_company c ON c.id = l.company_id
             WHERE l.qty_discharged < l.quantity
               AND l.term_end <= %(today)s::date + c.immex_expiring_days + 31
               AND COALESCE(l.term_safe_date, l.term_end)
                   <= %(today)s::date + c.immex_expiring_days)""",
            today=fields.Date.context_today(self),
        )
        return [("id", "in", near)]
