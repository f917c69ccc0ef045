# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...formats.number import display, parse_number
from ...tools.cff import is_business_day
from ...tools.context import without_defaults
from ..inventory.walk import part, spaced, title
from .export import write_calculation
from .grounds import grounds
from .immex_receipt_check_line import KINDS

MONEY = (18, 2)
LETTER_DAYS = 20  # business days to file after the letter (RGCE 2.5.1-II, 2.5.2-II)
IDENTITY = {
    "company_id",
    "key",
    "kind",
    "pedimento_id",
    "partida_id",
    "picking_id",
    "layer_id",
    "product_id",
    "quantity",
    "declared",
}
# What a person may change, and the figures follow.
INPUTS = {
    "audit",
    "payment_date",
    "start_date",
    "entry_known",
    "path",
    "igi_source",
    "igi_rate",
    "rate_note",
    "cc_rate",
    "no_dta",
    "restricted",
    "fraccion",
    "nico",
    "customs_value",
    "commercial_value",
}
NOTES = {"letter_date", "reason", "filed_number"}


class ImmexRegularization(models.Model):
    """What settles a difference with customs, and what it costs: a proposal.

    Either the pedimento is rectified (R1: LA 89, RGCE 6.1.1), or the goods are imported
    definitively (A3: LA 101, RGCE 2.5.1 without documents, 2.5.2 past their term). A
    person accepts or rejects it and files the pedimento; nothing is posted from here:
    the pedimento, once loaded, does to the inventory what its rule says.
    """

    _name = "immex.regularization"
    _description = "Regularisation proposal"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    key = fields.Char(readonly=True, help="The difference that it settles.")
    kind = fields.Selection(
        [*KINDS, ("expired", "Temporary import past its term")], required=True
    )
    pedimento_id = fields.Many2one(
        "immex.pedimento", check_company=True, index="btree_not_null"
    )
    partida_id = fields.Many2one("immex.pedimento.partida", check_company=True)
    picking_id = fields.Many2one("stock.picking", "Transfer")
    layer_id = fields.Many2one(
        "immex.layer", check_company=True, index="btree_not_null"
    )
    product_id = fields.Many2one("product.product", required=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    quantity = fields.Float(digits=(18, 6), required=True)
    declared = fields.Float("Declared Quantity", digits=(18, 6))
    term_end = fields.Date(related="layer_id.term_end", string="Term Ends")
    fraccion = fields.Char("Tariff Item", size=8)
    nico = fields.Char("NICO", size=2)

    # how it is settled
    path = fields.Selection(
        [
            ("r1", "Rectify the pedimento (R1)"),
            ("a3_1", "Regularise (A3) without documents, RGCE 2.5.1"),
            ("a3_2", "Regularise (A3) past the term, RGCE 2.5.2"),
            ("none", "No correction is open"),
        ],
        "Correction",
        help="Empty takes the first one that the law allows.",
    )
    audit = fields.Selection(
        [
            ("spontaneous", "Spontaneous"),
            ("audit", "After the authority's review began"),
        ],
        "Made",
        required=True,
        default="spontaneous",
        help="Spontaneous: before the authority began a review or a PAMA.",
    )
    letter_date = fields.Date(
        "Letter Filed",
        help="Of the letter that tells the reviewing authority of the A3 (RGCE "
        "2.5.1-II, 2.5.2-II): before the final record, or the letter of observations.",
    )
    file_by = fields.Date(
        compute="_compute_file_by",
        help="Twenty business days after the letter. Holidays that the authority "
        "announces are not counted out.",
    )
    complement = fields.Char(
        "A3 Complement",
        compute="_compute_complement",
        help="Identifier A3, Anexo 22, Appendix 8.",
    )
    must_present = fields.Boolean(
        "Goods Are Presented",
        compute="_compute_complement",
        help="Chapter 87, other than 8708, 8714 and trailers (RGCE 2.5.1-I-d, "
        "2.5.2-I-e).",
    )
    needs_authorization = fields.Boolean(
        readonly=True,
        help="The pedimento shows a payment in cash and the rectification makes it "
        "undue (RGCE 6.1.1-I).",
    )
    authorization_waived = fields.Boolean(
        "OEA: Needs None",
        readonly=True,
        help="Within the first three months (RGCE 7.3.3-II).",
    )
    ground = fields.Text("Legal Ground", compute="_compute_ground")
    problem = fields.Text("What Is Missing", readonly=True)
    caution = fields.Text("To Be Checked", readonly=True)

    # figures to start from
    customs_value = fields.Float("Customs Value (MXN)", digits=MONEY)
    commercial_value = fields.Float(
        "Commercial Value (MXN)",
        digits=MONEY,
        help="Base of some fines. Empty: the customs value.",
    )
    start_date = fields.Date(
        "Entered On",
        help="Day of import or introduction: update and surcharges run from it.",
    )
    entry_known = fields.Boolean(
        "Date Is Known",
        default=True,
        help="Off: duties of the day of payment, without update nor surcharges (RGCE "
        "2.5.1-I-c-2).",
    )
    payment_date = fields.Date(
        "To Be Paid On", required=True, default=fields.Date.context_today
    )
    igi_source = fields.Selection(
        [
            ("tariff", "General rate of the tariff, by date"),
            ("declared", "Rate that the import declared"),
            ("manual", "Entered by hand"),
        ],
        "Duty Rate From",
        help="Under RGCE 2.5.1 the general rate; under 2.5.2 a treaty or PROSEC rate "
        "also, with its proof.",
    )
    igi_rate = fields.Float("Duty Rate (%)", digits=(15, 10))
    rate_note = fields.Char("Why This Rate", help="Of a rate entered by hand.")
    cc_rate = fields.Float(
        "Countervailing Duty (%)",
        digits=(15, 10),
        help="Cuota compensatoria, ad valorem, in force at the date of entry.",
    )
    no_dta = fields.Boolean(
        "No DTA", help="Originating goods of a treaty that exempts from it."
    )
    restricted = fields.Boolean(
        "Restrictions Not Proved",
        help="Non-tariff restrictions or countervailing duties whose fulfilment cannot "
        "be proved: the fine is another (LA 178-IV).",
    )

    # what comes out, in pesos
    computed_at = fields.Datetime(readonly=True)
    is_stale = fields.Boolean(
        "To Be Computed", readonly=True, default=True, help="Something changed since."
    )
    line_ids = fields.One2many(
        "immex.regularization.line",
        "regularization_id",
        domain=[("role", "=", "correction")],
    )
    idle_line_ids = fields.One2many(
        "immex.regularization.line",
        "regularization_id",
        "If Nothing Is Done",
        domain=[("role", "=", "idle")],
    )
    fine_ids = fields.One2many("immex.regularization.fine", "regularization_id")
    total = fields.Float("Contributions to Pay", digits=MONEY, readonly=True)
    fine_min = fields.Float("Fine to Pay, Lowest", digits=MONEY, readonly=True)
    fine_max = fields.Float("Fine to Pay, Highest", digits=MONEY, readonly=True)
    idle_total = fields.Float("Contributions Claimed", digits=MONEY, readonly=True)
    idle_fine_min = fields.Float("Fine, Lowest", digits=MONEY, readonly=True)
    idle_fine_max = fields.Float("Fine, Highest", digits=MONEY, readonly=True)
    saving_min = fields.Float("Saved, at Least", digits=MONEY, readonly=True)
    saving_max = fields.Float("Saved, at Most", digits=MONEY, readonly=True)

    cost_min = fields.Float(
        "Cost of the Correction, Lowest", digits=MONEY, compute="_compute_costs"
    )
    cost_max = fields.Float(
        "Cost of the Correction, Highest", digits=MONEY, compute="_compute_costs"
    )
    idle_cost_min = fields.Float(
        "Cost of Doing Nothing, Lowest", digits=MONEY, compute="_compute_costs"
    )
    idle_cost_max = fields.Float(
        "Cost of Doing Nothing, Highest", digits=MONEY, compute="_compute_costs"
    )

    # what a person decided
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("filed", "Filed"),
        ],
        required=True,
        default="proposed",
        readonly=True,
        index=True,
    )
    reason = fields.Text(help="Why it was rejected.")
    decided_by = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(readonly=True)
    filed_number = fields.Char(
        "Filed Pedimento", help="Number of the R1 or A3, 15 digits."
    )
    filed_pedimento_id = fields.Many2one(
        "immex.pedimento",
        "Filed, as Loaded",
        compute="_compute_filed_pedimento_id",
        search="_search_filed_pedimento_id",
        help="Found by its number once it is loaded.",
    )

    _values = models.Constraint(
        "CHECK (quantity > 0 AND customs_value >= 0 AND commercial_value >= 0 "
        "AND igi_rate >= 0 AND cc_rate >= 0)",
        "Quantity, values and rates of a proposal cannot be negative.",
    )
    _open_key = models.UniqueIndex(
        "(company_id, key) WHERE key IS NOT NULL AND state IN ('proposed', 'accepted')",
        "There is a proposal for this difference already.",
    )

    # reading -------------------------------------------------------------------
    @api.depends("kind", "pedimento_id", "product_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for proposal in self.sudo():
            proposal.display_name = title(
                kinds.get(proposal.kind),
                spaced(proposal.pedimento_id.number or proposal.picking_id.name),
                part(proposal.product_id),
            )

    @api.depends(
        "total",
        "fine_min",
        "fine_max",
        "idle_total",
        "idle_fine_min",
        "idle_fine_max",
    )
    def _compute_costs(self):
        for proposal in self:  # whole pesos
            for role in ("", "idle_"):
                for end in ("min", "max"):
                    proposal[f"{role}cost_{end}"] = (
                        proposal[f"{role}total"] + proposal[f"{role}fine_{end}"]
                    )

    @api.depends("letter_date")
    def _compute_file_by(self):
        for proposal in self:
            day, left = proposal.letter_date, LETTER_DAYS
            while day and left:
                day = fields.Date.add(day, days=1)
                left -= is_business_day(day)
            proposal.file_by = day

    @api.depends("path", "audit", "fraccion")
    def _compute_complement(self):
        complements = {
            ("a3_1", "spontaneous"): "1",
            ("a3_1", "audit"): "1A",
            ("a3_2", "spontaneous"): "2A",
            ("a3_2", "audit"): "2",
        }
        for proposal in self:
            proposal.complement = complements.get((proposal.path, proposal.audit))
            code = proposal.fraccion or ""
            proposal.must_present = bool(
                proposal.complement
                and code.startswith("87")
                and code[:4] not in ("8708", "8714", "8716")
            )

    @api.depends("path", "audit", "kind", "needs_authorization", "authorization_waived")
    @api.depends_context("lang")
    def _compute_ground(self):
        for proposal in self:
            proposal.ground = "\n".join(grounds(proposal))

    @api.depends("filed_number", "company_id")
    def _compute_filed_pedimento_id(self):
        rows = self.env["immex.pedimento"].search(
            Domain("company_id", "in", self.company_id.ids)
            & Domain("number15", "in", [p.filed_number for p in self if p.filed_number])
        )
        found = {(row.company_id, row.number15): row for row in rows}
        for proposal in self:
            proposal.filed_pedimento_id = found.get(
                (proposal.company_id, proposal.filed_number)
            )

    def _search_filed_pedimento_id(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        domain = Domain("id", operator, value) if operator == "in" else value
        numbers = self.env["immex.pedimento"].search(domain)._as_query()
        return [
            (
                "id",
                "in",
                SQL(
                    """(SELECT r.id FROM immex_regularization r
                      JOIN immex_pedimento p ON p.company_id = r.company_id
                       AND p.number15 = r.filed_number
                     WHERE p.id IN %s)""",
                    numbers.subselect(),
                ),
            )
        ]

    # who may write what --------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_written(vals, IDENTITY | INPUTS | NOTES)
        asked = without_defaults(self, IDENTITY | INPUTS | NOTES)
        proposals = super(ImmexRegularization, asked).create(vals_list)
        for proposal in proposals:
            proposal.sudo()._fill()
        return proposals

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        self._check_written(vals, INPUTS | NOTES)
        if "filed_number" in vals:
            vals = vals | {"filed_number": self._number15(vals["filed_number"])}
        if INPUTS & set(vals):
            if any(proposal.state != "proposed" for proposal in self):
                raise UserError(
                    self.env._("It was decided on already: open it again first.")
                )
            vals = vals | {"is_stale": True}
        return super().write(vals)

    def _check_written(self, vals, allowed):
        if not self.env.su and set(vals) - allowed:
            raise AccessError(
                self.env._("The figures of a proposal are computed, never written.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_undecided(self):
        if any(proposal.state in ("accepted", "filed") for proposal in self):
            raise UserError(self.env._("A proposal that was accepted is kept."))

    def _number15(self, text):
        if not text:
            return False
        try:
            return parse_number(text)
        except ValueError as error:
            raise UserError(
                self.env._("%s is not a pedimento number of 15 digits.", text)
            ) from error

    # deciding ------------------------------------------------------------------
    def _decide(self, state, **vals):
        self.check_access("write")
        self.sudo().write(
            vals
            | {
                "state": state,
                "decided_by": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        return True

    def action_accept(self):
        """Button: this is how it will be settled."""
        self.check_access("write")
        for proposal in self:
            if proposal.state != "proposed":
                raise UserError(self.env._("Only what is proposed can be accepted."))
            if proposal.is_stale or not proposal.computed_at:
                raise UserError(self.env._("Compute it first: something changed."))
            if proposal.problem or proposal.path == "none":
                raise UserError(
                    self.env._(
                        "%(proposal)s cannot be accepted yet. %(problem)s",
                        proposal=proposal.display_name,
                        problem=proposal.problem or proposal.ground,
                    )
                )
        return self._decide("accepted")

    def action_reject(self):
        """Button: it will not be settled so; the reason says why."""
        self.check_access("write")
        if any(proposal.state == "filed" for proposal in self):
            raise UserError(self.env._("It was filed already."))
        if any(not (proposal.reason or "").strip() for proposal in self):
            raise UserError(self.env._("Write the reason first."))
        return self._decide("rejected")

    def action_file(self):
        """Button: the pedimento was filed under this number."""
        self.check_access("write")
        for proposal in self:
            if proposal.state != "accepted":
                raise UserError(self.env._("Accept it first."))
            if not proposal.filed_number:
                raise UserError(self.env._("Write the number of the pedimento first."))
        return self._decide("filed")

    def action_reopen(self):
        """Button: back to a proposal, to be computed and decided again."""
        self.check_access("write")
        closed = ("rejected", "filed")
        for proposal in self.filtered(lambda record: record.state in closed):
            if proposal.key and self.search_count(
                [
                    ("company_id", "=", proposal.company_id.id),
                    ("key", "=", proposal.key),
                    ("state", "in", ("proposed", "accepted")),
                ]
            ):
                raise UserError(
                    self.env._("There is a proposal for this difference already.")
                )
        return self._decide("proposed", is_stale=True)

    # looking -------------------------------------------------------------------
    def _action_open(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_regularization"
        )
        if len(self) == 1:
            return action | {
                "views": [(False, "form")],
                "res_id": self.id,
                "context": {},
            }
        return action | {"domain": [("id", "in", self.ids)], "context": {}}

    def action_open_filed(self):
        """Button: the pedimento that was filed, once it is loaded."""
        self.ensure_one()
        if not self.filed_pedimento_id:
            raise UserError(
                self.env._(
                    "Pedimento %s is not loaded yet.", display(self.filed_number)
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "immex.pedimento",
            "view_mode": "form",
            "res_id": self.filed_pedimento_id.id,
        }

    def action_xlsx(self):
        """Button: the calculation as a workbook."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/immex/regularization/{self.id}/xlsx",
            "target": "self",
        }

    @api.private
    def _write_xlsx(self, stream):
        """Write the calculation to a binary ``stream``, under the user's rights."""
        self.ensure_one()
        self.check_access("read")
        write_calculation(self, stream)
