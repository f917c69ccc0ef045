# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

from odoo.addons.immex_compliance.models.wording import by_count

from .steps import PERSON, SEQUENCE, STEPS

OPEN = ("open", "wrong")
PERSONS = {"note", "user_id"}


class ImmexMonthEndStep(models.Model):
    """A step of a month's checklist: what was found, or who confirmed it."""

    _name = "immex.month.end.step"
    _description = "Month-End Step"
    _order = "month_end_id, sequence"
    _rec_name = "name"
    _check_company_auto = True

    month_end_id = fields.Many2one(
        "immex.month.end", "Month", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="month_end_id.company_id", store=True, index=True
    )
    code = fields.Selection(
        selection=lambda self: [
            (code, self.env._(step.label)) for code, step in STEPS.items()
        ],
        required=True,
        readonly=True,
    )
    sequence = fields.Integer(compute="_compute_definition", store=True)
    name = fields.Char("Step", compute="_compute_words")
    help_text = fields.Char("What to Do", compute="_compute_words")
    by_person = fields.Boolean("By a Person", compute="_compute_definition", store=True)
    blocks = fields.Boolean(
        compute="_compute_definition",
        store=True,
        help="The month is not closed while this is open.",
    )
    state = fields.Selection(
        [
            ("open", "To Do"),
            ("wrong", "Not in Order"),
            ("fine", "In Order"),
            ("confirmed", "Confirmed"),
            ("none", "Does Not Apply"),
        ],
        required=True,
        default="open",
        readonly=True,
    )
    is_open = fields.Boolean(compute="_compute_is_open")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    count = fields.Integer(readonly=True)
    share = fields.Float("Share (%)", digits=(6, 2), readonly=True)
    result = fields.Char("Found", compute="_compute_words")
    done_at = fields.Datetime(readonly=True)
    done_by = fields.Many2one("res.users", readonly=True)
    note = fields.Text()

    _code_unique = models.Constraint(
        "UNIQUE (month_end_id, code)", "This step is already in the checklist."
    )

    @api.depends("code")
    def _compute_definition(self):
        for record in self:
            step = STEPS[record.code]
            record.sequence = SEQUENCE[record.code]
            record.by_person = step.by == PERSON
            record.blocks = step.blocks

    @api.depends("state")
    def _compute_is_open(self):
        for record in self:
            record.is_open = record.state in OPEN

    @api.depends("code", "state", "count", "share")
    @api.depends_context("lang")
    def _compute_words(self):
        for record in self:
            step = STEPS[record.code]
            record.name = self.env._(step.label)
            record.help_text = self.env._(step.why)
            wrong = step.wrong if record.count or not step.missing else step.missing
            text = {"fine": step.fine, "wrong": wrong}.get(record.state)
            forms = text if isinstance(text, tuple) else (text,)
            told = self.env._(by_count(record.count, *forms)) if text else ""
            record.result = told and told % {
                "count": formatLang(self.env, record.count, digits=0),
                "share": formatLang(self.env, record.share, digits=2),
            }

    def write(self, vals):
        """A person writes the note and who is responsible; buttons do the rest."""
        if not self.env.su:
            if set(vals) - PERSONS:
                raise AccessError(
                    self.env._(
                        "Of a step, only the note and the responsible are written."
                    )
                )
            self._check_open_month()
        return super().write(vals)

    def _check_open_month(self):
        if "closed" in self.month_end_id.mapped("state"):
            raise UserError(self.env._("The month is closed: its checklist stays."))
        self.month_end_id._check_not_closing()

    # buttons ---------------------------------------------------------------------
    def action_confirm(self):
        """Button: the person who is logged in answers for the step.

        What the machine checks and blocks is not confirmed by a person; what does not
        block is, with a note.
        """
        self.check_access("write")
        self._check_open_month()
        for step in self:
            if not step.by_person:
                if step.blocks:
                    raise UserError(
                        self.env._("%(step)s: this is looked up.", step=step.name)
                    )
                if not (step.note or "").strip():
                    raise UserError(
                        self.env._("%(step)s: write the note first.", step=step.name)
                    )
            step.sudo().write(
                {
                    "state": "confirmed",
                    "done_at": fields.Datetime.now(),
                    "done_by": self.env.uid,
                }
            )
        return True

    def action_undo(self):
        """Button: it is not confirmed after all."""
        self.check_access("write")
        self._check_open_month()
        confirmed = self.filtered(lambda step: step.state == "confirmed")
        confirmed.sudo().write({"state": "open", "done_at": False, "done_by": False})
        machine = confirmed.filtered(lambda step: not step.by_person)
        machine.month_end_id.action_check()
        return True

    def action_open(self):
        """Button: the records that the step counts, or where it is done."""
        self.ensure_one()
        return self.month_end_id._step_action(self.code)

    def action_do(self):
        """Button: ask for the work that settles the step."""
        self.ensure_one()
        self.check_access("write")
        self._check_open_month()
        return self.month_end_id._step_do(self.code)

    def _words(self):
        """Each as a line: its name, and what was found."""
        return [f"{step.name}: {step.result or ''}".strip(": ") for step in self]

    def _found(self, state, count=0, share=0):
        """Write what was looked up. A confirmation stays while the figures do."""
        self.ensure_one()
        same = (self.count, self.share) == (count, share)
        if self.state == "confirmed" and same and state == "wrong":
            return
        values = {"state": state, "count": count, "share": share}
        done = state == "fine"
        if state != self.state:
            values["done_at"] = fields.Datetime.now() if done else False
            values["done_by"] = self.env.uid if done else False
        self.sudo().write(values)
