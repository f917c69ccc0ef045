# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

from .steps import ATTENTION, DONE, NONE, SEQUENCE, STEPS, TODO


class ImmexSetupStep(models.Model):
    """A step of a company's path. Its state is what the facts say when it is read:
    nobody ticks it, but where only a person can know."""

    _name = "immex.setup.step"
    _description = "Setup step"
    _order = "setup_id, sequence"
    _rec_name = "name"
    _check_company_auto = True

    setup_id = fields.Many2one(
        "immex.setup", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="setup_id.company_id", store=True, index=True)
    code = fields.Selection(
        selection=lambda self: [
            (code, self.env._(step.label)) for code, step in STEPS.items()
        ],
        required=True,
        readonly=True,
    )
    sequence = fields.Integer("No.", compute="_compute_sequence", store=True)
    name = fields.Char("Step", compute="_compute_state")
    help_text = fields.Char("What It Is", compute="_compute_state")
    button = fields.Char(compute="_compute_state")
    state = fields.Selection(
        [
            (TODO, "To Do"),
            (ATTENTION, "Needs Attention"),
            (DONE, "Done"),
            (NONE, "Not Needed"),
        ],
        compute="_compute_state",
        help="Looked up whenever it is shown.",
    )
    is_open = fields.Boolean(compute="_compute_state")
    is_next = fields.Boolean(compute="_compute_state")
    result = fields.Char("Found", compute="_compute_state")
    confirmed_by = fields.Many2one("res.users", readonly=True)
    confirmed_at = fields.Datetime(readonly=True)
    note = fields.Text()

    _code_unique = models.Constraint(
        "UNIQUE (setup_id, code)", "This step is already in the path."
    )

    @api.depends("code")
    def _compute_sequence(self):
        for record in self:
            record.sequence = SEQUENCE[record.code]

    @api.depends("code", "confirmed_at", "setup_id.checked_at")
    @api.depends_context("lang", "uid")
    def _compute_state(self):
        for setup, steps in self.grouped("setup_id").items():
            facts = setup._facts()
            following = setup._next_code(facts)
            for record in steps:
                step, fact = STEPS[record.code], facts[record.code]
                record.name = self.env._(step.label)
                record.help_text = self.env._(step.why)
                record.button = self.env._(step.button)
                record.state = fact.state
                record.is_open = fact.state in (TODO, ATTENTION)
                record.is_next = record.code == following
                told = self.env._(step.told[fact.state])
                record.result = told % {
                    "count": formatLang(self.env, fact.count, digits=0),
                    "total": formatLang(self.env, fact.total, digits=0),
                    "share": formatLang(self.env, fact.share, digits=2),
                    "text": fact.text,
                }

    def write(self, vals):
        """A person writes the note; buttons do the rest."""
        if not self.env.su and set(vals) - {"note"}:
            raise AccessError(self.env._("Of a step, only the note is written."))
        return super().write(vals)

    # buttons -----------------------------------------------------------------------
    def action_open(self):
        """Button: where the step is settled. Who comes back sees what became of it."""
        self.ensure_one()
        self.check_access("write")
        return self.setup_id._open_step(self.code)

    def action_confirm(self):
        """Button: who is logged in answers for a step that no figure tells."""
        self.check_access("write")
        for record in self:
            if not STEPS[record.code].by_person:
                raise UserError(
                    self.env._("%(step)s: this is looked up.", step=record.name)
                )
        self.sudo().write(
            {"confirmed_at": fields.Datetime.now(), "confirmed_by": self.env.uid}
        )
        return True

    def action_undo(self):
        """Button: it is not confirmed after all."""
        self.check_access("write")
        self.sudo().write({"confirmed_at": False, "confirmed_by": False})
        return True
