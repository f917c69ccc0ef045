# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..stock.product_template import IMMEX_CLASSES
from . import part_sql as sql

# What a person may say of a proposal.
PERSONS = {"product_id", "immex_class", "factor", "part_quantity"}
SURE = 80  # from this score on the code itself tells
UNSURE = 40  # up to this one several products are as likely, or few words tell
TOLERANCE = 5  # per cent between what was declared and what came
WEIGHTS = "product.weight_in_lbs"
KILOS_IN_POUND = "0.45359237"


class ImmexSetupPart(models.Model):
    """What a part code of past pedimentos means in Odoo: proposed, then confirmed.

    A line is a code in one customs unit; or, of partidas that name no part at all, a
    description with its tariff item and unit; or a product that orders made of such
    parts (no pedimento names it). ``score`` is of 100. A confirmed line maps the code,
    or the description, in every pedimento, past and to come, and gives the product its
    class, its tariff item and the factor between its unit and the one of customs.
    """

    _name = "immex.setup.part"
    _description = "Part code of past pedimentos"
    _order = "score desc, lines desc, part_number, id"
    _rec_name = "part_number"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("code", "In pedimentos"),
            ("text", "Described, without a code"),
            ("made", "Made of such parts"),
        ],
        required=True,
        readonly=True,
    )
    part_number = fields.Char("Code in the Pedimentos", required=True, readonly=True)
    # of partidas without a code: what descriptions are compared by
    text_key = fields.Char(readonly=True)
    description = fields.Char(
        "Description Declared",
        readonly=True,
        help="The most frequent one. Of what was made here: the product's name.",
    )
    fraccion = fields.Char("Tariff Item", size=8, readonly=True)
    nico = fields.Char("NICO", size=2, readonly=True)
    umc_id = fields.Many2one("immex.unit", "UMC", readonly=True)
    lines = fields.Integer(readonly=True, help="Of pedimentos, or orders.")
    qty_umc = fields.Float(
        "Declared (UMC)", digits=(24, 3), readonly=True, aggregator=None
    )
    imported = fields.Boolean(readonly=True)
    exported = fields.Boolean(readonly=True)
    first_date = fields.Date(readonly=True)
    last_date = fields.Date(readonly=True)
    product_id = fields.Many2one(
        "product.product",
        check_company=True,
        domain="[('type', '=', 'consu')]",
        help="What the code means here. Choose another where the proposal is wrong.",
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    score = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Of 100. From 80 on the code itself tells; read the others first.",
    )
    certainty = fields.Selection(
        [
            ("sure", "Sure"),
            ("likely", "Likely: read it"),
            ("guess", "A guess: look it up"),
            ("person", "A person's word"),
            ("none", "Nothing found"),
        ],
        compute="_compute_certainty",
        help="How sure the proposal is. A description alone never makes it sure.",
    )
    rivals = fields.Integer(
        readonly=True, help="Products that are as likely as the one proposed."
    )
    reason = fields.Selection(
        [
            ("mapped", "Mapped already"),
            ("code", "Same code"),
            ("supplier", "Supplier's code"),
            ("barcode", "Same barcode"),
            ("code_loose", "Same code, other signs"),
            ("supplier_loose", "Supplier's code, other signs"),
            ("barcode_loose", "Barcode, other signs"),
            ("begins", "One code begins with the other"),
            ("similar", "Similar code"),
            ("text", "Same description, no code"),
            ("words", "Words of the description"),
            ("made", "Made of parts that crossed"),
            ("person", "Chosen by a person"),
            ("none", "Nothing found"),
        ],
        "Why",
        readonly=True,
    )
    immex_class = fields.Selection(IMMEX_CLASSES, "Class")
    factor = fields.Float(
        digits=(20, 10),
        help="Customs units in the units of the product at the right.",
    )
    part_quantity = fields.Float("Per Units", digits=(20, 10))
    factor_from = fields.Selection(
        [
            ("unit", "Units of Odoo"),
            ("stated", "Stated already"),
            ("count", "The customs unit's name"),
            ("weight", "Weight of the product"),
            ("received", "Declared against received"),
            ("person", "A person"),
            ("missing", "Missing"),
        ],
        readonly=True,
        help="Where the factor comes from. Look at the last two before you confirm.",
    )
    qty_received = fields.Float(
        "Moved in Odoo",
        digits=(24, 6),
        readonly=True,
        aggregator=None,
        help="Received, or delivered, from 30 days before the first pedimento to 30 "
        "days after the last one.",
    )
    deviation = fields.Float(
        "Deviation (%)",
        digits=(9, 2),
        readonly=True,
        aggregator=None,
        help="Between what was declared, in the product's unit, and what moved in "
        "Odoo. A large one mostly means a wrong product or factor.",
    )
    state = fields.Selection(
        [
            ("open", "To Confirm"),
            ("confirmed", "Confirmed"),
            ("rejected", "Not Ours"),
        ],
        required=True,
        default="open",
        readonly=True,
        index=True,
    )
    confirmed_by = fields.Many2one("res.users", readonly=True)
    confirmed_at = fields.Datetime(readonly=True)
    # what the confirmation changed, to undo it
    undo = fields.Json(readonly=True)

    _code_unique = models.UniqueIndex(
        "(company_id, part_number, umc_id) NULLS NOT DISTINCT WHERE kind = 'code'",
        "This code is in the list already.",
    )
    _text_unique = models.UniqueIndex(
        "(company_id, text_key, fraccion, umc_id) NULLS NOT DISTINCT"
        " WHERE kind = 'text'",
        "This description is in the list already.",
    )

    @api.depends("score", "reason", "product_id")
    def _compute_certainty(self):
        for part in self:
            if not part.product_id:
                part.certainty = "none"
            elif part.reason == "person":
                part.certainty = "person"
            elif part.score >= SURE:
                part.certainty = "sure"
            else:
                part.certainty = "likely" if part.score > UNSURE else "guess"

    @api.depends("part_number", "description")
    def _compute_display_name(self):
        for part in self:
            part.display_name = part.part_number or part.description

    def write(self, vals):
        if not self.env.su:
            if set(vals) - PERSONS:
                raise AccessError(
                    self.env._(
                        "Of a part code, only product, class and factor are written."
                    )
                )
            self._check_open()
            if vals.get("product_id"):
                vals = vals | {"score": 100, "reason": "person", "rivals": 1}
            elif vals.keys() & {"factor", "part_quantity"}:
                vals = vals | {"factor_from": "person"}
        result = super().write(vals)
        if not self.env.su and "product_id" in vals:
            told = PERSONS & vals.keys() - {"product_id"}
            self.sudo()._guess(told)
        return result

    def _check_open(self):
        if any(part.state != "open" for part in self):
            raise UserError(self.env._("Undo the confirmation first."))

    def _check_manager(self):
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers map part codes."))
        self.check_access("write")

    def _params(self, company):
        pounds = self.env["ir.config_parameter"].sudo().get_param(WEIGHTS)
        return {
            "company_id": company.id,
            "uid": self.env.uid,
            "ids": self.ids or None,
            # Odoo keeps every weight in one unit, whose system a setting tells
            "kilos": KILOS_IN_POUND if pounds == "1" else "1",
        }

    def _guess(self, told=()):
        """Class and factor of the products of these lines, but what a person told."""
        if not self:
            return
        said = {part: {name: part[name] for name in told} for part in self if told}
        for company, parts in self.grouped("company_id").items():
            self.env.flush_all()
            parts._run(
                "DROP TABLE IF EXISTS tmp_received",
                sql.CLASSES,
                sql.RECEIVED,
                sql.FACTORS,
                params=parts._params(company),
            )
        self.invalidate_recordset()
        for part, values in said.items():
            if "factor" in values:
                values["factor_from"] = "person"
            part.write(values)

    def _run(self, *statements, params):
        for statement in statements:
            self.env.cr.execute(statement, params)

    # finding -----------------------------------------------------------------------
    @api.model
    def _find(self, company):
        """Propose anew what no person confirmed or rejected, for the whole company."""
        cr, params = self.env.cr, self.browse()._params(company)
        self.env.flush_all()
        self._run(
            sql.CLEAR,
            sql.DROP,
            sql.PARTS,
            sql.DESCRIPTIONS,
            sql.PRODUCTS,
            sql.SPELLINGS,
            params=params,
        )
        cr.execute("CREATE INDEX ON tmp_spelling (code)")
        cr.execute("CREATE INDEX ON tmp_spelling (loose)")
        cr.execute("ANALYZE tmp_part, tmp_spelling, tmp_product")
        self._run(sql.SPELT, sql.BEGINS, sql.NAMES, sql.TEXTS, params=params)
        cr.execute("ANALYZE tmp_name, tmp_text")
        self._run(sql.SAME_WORDS, params=params)
        cr.execute("SELECT FROM pg_extension WHERE extname = 'pg_trgm'")
        if cr.rowcount:
            cr.execute("CREATE INDEX ON tmp_spelling USING gist (loose gist_trgm_ops)")
            cr.execute("SET LOCAL pg_trgm.similarity_threshold = 0.5")
            self._run(sql.SIMILAR, params=params)
        cr.execute("CREATE INDEX ON tmp_candidate (part_id)")
        cr.execute("ANALYZE tmp_candidate")
        self._run(sql.WORDS, sql.PART_WORDS, params=params)
        cr.execute("CREATE INDEX ON tmp_word (word)")
        cr.execute("ANALYZE tmp_word, tmp_part_word")
        self._run(
            sql.DESCRIBED,
            sql.BEST,
            sql.PROPOSE,
            # rows of this very transaction: without figures the planner takes the
            # table for empty and loops over it
            "ANALYZE immex_setup_part",
            sql.MADE,
            sql.CLASSES,
            "DROP TABLE IF EXISTS tmp_received",
            sql.RECEIVED,
            sql.FACTORS,
            params=params,
        )
        self.invalidate_model()
