# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..inventory.walk import number_domain
from . import links_sql
from .description_sql import AGAIN, ANY_TOLD, FROM_DESCRIPTION
from .detail_sql import ANALYZE, DETAIL, FROM_PRODUCT_CODE, FROM_RECTIFIED
from .discharge_action import ask_discharge

MONEY = (18, 2)
ANALYZE_FROM = 50  # pedimentos in one call


class ImmexPedimento(models.Model):
    """A customs declaration (pedimento), as the broker's file or a person gave it.

    Unique per company by year, customs office, patent and number (Anexo 22, field 1).
    What it does to the inventory is decided by ``operation_rule_id``.

    Part detail (which parts a partida groups) comes, in this order, from the broker's
    part file, the invoice or the receipt (a person confirms the split), the product
    code of a one-part partida, entry by hand; a source of higher rank replaces a lower
    one. What does not map to a product or lacks a unit factor waits, and makes no
    layer: nothing is guessed.
    """

    _name = "immex.pedimento"
    _description = "Pedimento"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "payment_date desc, number15 desc"
    _rec_name = "number"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    # identity
    year = fields.Integer(required=True, help="Year of validation, four digits.")
    office = fields.Char("Customs Office", size=2, required=True)
    office_section = fields.Char(
        "Office Code",
        size=3,
        required=True,
        help="Three digits: customs office and section of clearance (Appendix 1).",
    )
    customs_office_id = fields.Many2one("immex.customs.office", "Clearance Office")
    patente = fields.Char("Patent", size=4, required=True)
    document = fields.Char("Document Number", size=7, required=True)
    number15 = fields.Char(
        "Number (15 digits)",
        compute="_compute_number",
        store=True,
        index=True,
        precompute=True,
    )
    number = fields.Char(
        "Pedimento", compute="_compute_number", store=True, precompute=True
    )
    # operation
    movement_type = fields.Char(size=2, help="Record 500, field 2.")
    operation_type = fields.Selection(
        [("1", "Import"), ("2", "Export")], required=True, index=True
    )
    key_id = fields.Many2one("immex.pedimento.key", required=True, index=True)
    case = fields.Char(
        help="Assumption of Appendix 2 (I, II, III ...) where the key has several.",
    )
    regime_id = fields.Many2one("immex.regime")
    operation_rule_id = fields.Many2one(
        "immex.operation.rule",
        "Effect Rule",
        help="Dated rule that tells what this pedimento does to the inventory.",
    )
    # parties
    rfc = fields.Char("RFC", size=13)
    curp = fields.Char("CURP", size=18)
    agent_curp = fields.Char("Agent's CURP", size=18)
    trader_name = fields.Char("Importer or Exporter")
    partner_id = fields.Many2one(
        "res.partner",
        "Counterparty",
        index="btree_not_null",
        help="Supplier or buyer of the invoices.",
    )
    # dates
    entry_date = fields.Date(help="Declared date of entry (506, type 1).")
    payment_date = fields.Date(index=True, help="506, type 2.")
    extraction_date = fields.Date(
        help="506, type 3: goods leave the bonded warehouse (E1, E2), and enter the "
        "inventory on this day, whenever they entered the country."
    )
    modulation_date = fields.Date(
        help="Date on which the selection mechanism was activated (RLA 173). Unknown: "
        "the earlier of entry and payment starts the term, marked presumed."
    )
    closing_date = fields.Date("Closing of Consolidated")
    physical_date = fields.Date(
        help="Exit: date on which the goods really left, when no delivery tells it."
    )
    registered_at = fields.Datetime(
        "Registered", default=fields.Datetime.now, readonly=True
    )
    date_ids = fields.One2many("immex.pedimento.date", "pedimento_id")
    # amounts
    exchange_rate = fields.Float(digits=(14, 5))
    freight = fields.Float(digits=MONEY)
    insurance = fields.Float(digits=MONEY)
    packing = fields.Float(digits=MONEY)
    other_increments = fields.Float(digits=MONEY)
    gross_weight = fields.Float(digits=(17, 3))
    total_usd = fields.Float("Value (USD)", digits=MONEY, readonly=True)
    total_customs_value = fields.Float(
        "Customs Value (MXN)", digits=MONEY, readonly=True
    )
    total_commercial_value = fields.Float(
        "Commercial Value (MXN)", digits=MONEY, readonly=True
    )
    transport_exit = fields.Char(size=2)
    transport_arrival = fields.Char(size=2)
    transport_crossing = fields.Char(size=2)
    destination_zone = fields.Char(size=2)
    acknowledgement = fields.Char("Validation Acknowledgement")
    signed = fields.Boolean(help="The file carried the agent's signature (record 800).")
    # parts
    partida_ids = fields.One2many("immex.pedimento.partida", "pedimento_id")
    goods_ids = fields.One2many("immex.pedimento.goods", "pedimento_id")
    invoice_ids = fields.One2many("immex.pedimento.invoice", "pedimento_id")
    identifier_ids = fields.One2many("immex.pedimento.identifier", "pedimento_id")
    contribution_ids = fields.One2many("immex.pedimento.contribution", "pedimento_id")
    reference_ids = fields.One2many("immex.pedimento.reference", "pedimento_id")
    observation_ids = fields.One2many("immex.pedimento.observation", "pedimento_id")
    permit_ids = fields.One2many("immex.pedimento.permit", "pedimento_id")
    record_ids = fields.One2many("immex.pedimento.record", "pedimento_id")
    # versions (R1)
    rectifies_id = fields.Many2one(
        "immex.pedimento",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        help="Version before this one (record 701).",
    )
    root_id = fields.Many2one(
        "immex.pedimento",
        "Original",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        help="First version: its dates stay those of the layers and of the exit. "
        "Empty on the first version itself.",
    )
    current_id = fields.Many2one(
        "immex.pedimento",
        "Rectified By",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        help="Last version: its quantities and values count. Empty on the last "
        "version itself.",
    )
    picking_ids = fields.One2many("stock.picking", "immex_pedimento_id")
    layer_ids = fields.One2many("immex.layer", "pedimento_id")
    exit_line_ids = fields.One2many("immex.exit.line", "pedimento_id")
    # source
    file_id = fields.Many2one(
        "immex.pedimento.file", "Source File", readonly=True, ondelete="restrict"
    )
    source_line = fields.Integer("First Line in File", readonly=True)
    content_sha256 = fields.Char(
        "SHA-256 of the Records",
        readonly=True,
        help="Hash of the records as they came, without line ends: the same pedimento "
        "in another file is recognised.",
    )
    origin = fields.Selection(
        [
            ("m3", "Broker file"),
            ("xml", "Pedimento XML"),
            ("datastage", "Data Stage"),
            ("vucem", "VUCEM"),
            ("opening", "Initial balance"),
            ("manual", "Entered by hand"),
        ],
        required=True,
        default="manual",
        readonly=True,
    )
    opening_id = fields.Many2one(
        "immex.opening",
        "Initial Balances",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Its quantities and values are what remained at the cut-off of these "
        "balances.",
    )
    state = fields.Selection(
        [
            ("incomplete", "Part detail missing"),
            ("ready", "Ready"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="incomplete",
        index=True,
        tracking=True,
    )
    pending_count = fields.Integer(
        "Partidas Without Detail",
        readonly=True,
        help="Partidas not yet split in parts.",
    )

    _identity = models.Constraint(
        "UNIQUE (company_id, year, office, patente, document)",
        "This pedimento is already recorded for the company.",
    )
    _document_digits = models.Constraint(
        "CHECK (document ~ '^[0-9]{7}$' AND patente ~ '^[0-9]{4}$' "
        "AND office ~ '^[0-9]{2}$')",
        "Office, patent and document number are 2, 4 and 7 digits.",
    )

    @api.depends("year", "office", "patente", "document")
    def _compute_number(self):
        for pedimento in self:
            groups = (
                f"{(pedimento.year or 0) % 100:02d}",
                pedimento.office or "",
                pedimento.patente or "",
                pedimento.document or "",
            )
            pedimento.number15 = "".join(groups)
            # nothing typed yet: no number, rather than "00"
            pedimento.number = "  ".join(groups) if pedimento.document else False

    @api.model
    def _search_display_name(self, operator, value):
        """A number is found however it was typed: see ``number_domain``."""
        domain = number_domain(operator, value)
        if domain is None:
            return super()._search_display_name(operator, value)
        return domain

    # part detail -------------------------------------------------------------
    @api.private
    def _recompute_detail(self):
        """Map parts to products, apply unit factors, spread values and set the states.

        Set-based and idempotent: a second call over the same facts writes nothing.
        A product that a line already has is never changed. Quantities become
        ``round(qty_umc / factor, 6)``, half away from zero, in ``numeric``.
        """
        if not self:
            return
        self.env.flush_all()
        params = {"ids": self.ids, "uid": self.env.uid}
        self.env.cr.execute(FROM_RECTIFIED, params)
        self.env.cr.execute(FROM_PRODUCT_CODE, params)
        self.env.cr.execute(ANY_TOLD, params)
        if self.env.cr.rowcount:
            self.env.cr.execute(AGAIN, params)
            self.env.cr.execute(FROM_DESCRIPTION, params)
        if len(self) >= ANALYZE_FROM:
            # rows of this very transaction: without figures the planner takes the
            # tables for empty and loops over them
            self.env.cr.execute(ANALYZE)
        for statement in DETAIL:
            self.env.cr.execute(statement, params)
        self._invalidate_detail()
        self._match_operation_rules()
        # rectifications take the detail of what they do not change
        later = self.search([("rectifies_id", "in", self.ids)]) - self
        if later:
            later._recompute_detail()

    @api.private
    def _invalidate_detail(self):
        """Forget cached values of what the statements write."""
        self.env["immex.pedimento.goods"].invalidate_model()
        self.env["immex.pedimento.partida"].invalidate_model()
        self.env["immex.pedimento"].invalidate_model()

    @api.private
    def _detail_changed(self):
        """Goods lines were edited: settle again, unless the caller does so itself
        (context ``immex_skip_detail``)."""
        if not self.env.context.get("immex_skip_detail"):
            self.sudo()._recompute_detail()

    def action_recompute_detail(self):
        """Button: try again after products or factors were added."""
        self.check_access("write")
        self._recompute_detail()
        return True

    @api.private
    def _match_operation_rules(self):
        """Set the dated rule that fits each pedimento.

        A rule that a person chose stays where none fits. Pedimentos with the same
        key, case, date and deciding identifiers are looked up once.
        """
        rules = self.env["immex.operation.rule"]
        deciding = set(
            rules.search([("identifier_code", "!=", False)]).mapped("identifier_code")
        )
        found = {}
        for pedimento in self:
            identifiers = tuple(
                sorted(
                    (
                        (
                            line.code,
                            (line.complement1, line.complement2, line.complement3),
                        )
                        for line in pedimento.identifier_ids
                        if line.code in deciding and not line.partida_id
                    ),
                    key=repr,
                )
            )
            facts = (
                pedimento._acting_key(),
                pedimento.operation_type,
                pedimento.case,
                identifiers,
                pedimento.payment_date or pedimento.entry_date or None,
                pedimento.regime_id or None,
            )
            if facts not in found:
                found[facts] = rules._match(*facts)
            if found[facts] and pedimento.operation_rule_id != found[facts]:
                pedimento.operation_rule_id = found[facts]

    @api.private
    def _acting_key(self):
        """Key that decides the effect: of a rectification (R1) the one that record
        701 names, else that of the first version (Anexo 22, Appendix 2)."""
        self.ensure_one()
        if self.key_id.code != "R1":
            return self.key_id
        codes = self.reference_ids.filtered(
            lambda line: line.kind == "rectified" and line.key_code not in (False, "R1")
        ).mapped("key_code")
        keys = self.env["immex.pedimento.key"]
        return (
            keys.search([("code", "in", codes)], limit=1)
            or self.root_id.key_id
            or self.key_id
        )

    @api.private
    def _link_versions(self):
        """Set first, previous and last version in the chains of these pedimentos.

        Versions follow each other by payment date; cancelled ones count for nothing.
        Whether record 701 names the first version or the one before makes no
        difference. Returns the pedimentos of the chains.
        """
        self.env.flush_all()
        self.env.cr.execute(links_sql.VERSIONS, {"ids": self.ids, "uid": self.env.uid})
        changed = self.browse(row[0] for row in self.env.cr.fetchall())
        self.env["immex.pedimento"].invalidate_model(
            ["rectifies_id", "root_id", "current_id"]
        )
        return changed

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals and not self.env.context.get("immex_skip_detail"):
            self.sudo()._link_versions()
        return result

    @api.private
    def _customs_status(self):
        """Status that the goods of this pedimento have once they are in the plant."""
        self.ensure_one()
        return self.operation_rule_id.customs_status or "temporary"

    # what came before the paper ----------------------------------------------
    @api.private
    def _link_arrival(self):
        """Join these pedimentos to what came before them."""
        if not self:
            return
        self.env.flush_all()
        params = {"ids": self.ids}
        for statement in (
            links_sql.INVOICE_PARTNERS,
            links_sql.PEDIMENTO_PARTNER,
            links_sql.REFERENCE_TARGET,
        ):
            self.env.cr.execute(statement, params)
        self.env["immex.pedimento.invoice"].invalidate_model(["partner_id"])
        self.env["immex.pedimento.reference"].invalidate_model(["target_id"])
        self.invalidate_model(["partner_id"])
        self._link_versions()
        self._join_pickings()

    @api.private
    def _join_pickings(self):
        """Transfers that named the number before the paper came get their pedimento.

        Through the ORM: the customs status of a receipt follows its pedimento.
        """
        self.env.flush_all()
        self.env.cr.execute(links_sql.WAITING_PICKINGS, {"ids": self.ids})
        pickings = self.env["stock.picking"].sudo()
        for pedimento_id, picking_ids in self.env.cr.fetchall():
            pickings.browse(picking_ids).write({"immex_pedimento_id": pedimento_id})

    def action_run_discharge(self):
        """Ask for a run of the companies of these pedimentos."""
        return ask_discharge(self.env, self.company_id)
