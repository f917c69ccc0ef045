# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .steps import ATTENTION, STEPS, TODO


class ImmexSetup(models.Model):
    """The path of a company from an existing Odoo to its first true balance.

    One a company. It holds no state of its own but who confirmed what: it can be left
    and resumed anywhere, by anybody, and shows what is there.
    """

    _name = "immex.setup"
    _description = "Setup assistant"
    _inherit = ["mail.thread"]
    _order = "company_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        index=True,
    )
    step_ids = fields.One2many("immex.setup.step", "setup_id", "Steps")
    checked_at = fields.Datetime("Last Looked Up", readonly=True)
    finished_at = fields.Datetime(readonly=True, tracking=True)
    open_count = fields.Integer("Open Steps", compute="_compute_progress")
    done_count = fields.Integer("Steps Done", compute="_compute_progress")
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    next_text = fields.Char("Next", compute="_compute_progress")
    next_help = fields.Char(compute="_compute_progress")
    # the balance, as the last run left it
    layer_count = fields.Integer("Imports With Balance", compute="_compute_balance")
    part_count = fields.Integer("Parts", compute="_compute_balance")
    customs_value = fields.Float(
        "Customs Value Left (MXN)", digits=(20, 2), compute="_compute_balance"
    )
    short_count = fields.Integer("Shortages", compute="_compute_balance")
    expired_count = fields.Integer("Expired With Balance", compute="_compute_balance")

    _company_unique = models.Constraint(
        "UNIQUE (company_id)", "The company has its setup assistant already."
    )

    @api.depends("company_id")
    def _compute_display_name(self):
        for setup in self:
            setup.display_name = self.env._(
                "Setup of %(company)s", company=setup.company_id.name
            )

    @api.depends("step_ids.state")
    @api.depends_context("lang")
    def _compute_progress(self):
        for setup in self:
            steps = setup.step_ids
            setup.open_count = len(steps.filtered("is_open"))
            setup.done_count = len(steps) - setup.open_count
            setup.progress = 100 * setup.done_count / (len(steps) or 1)
            following = steps.filtered("is_next")
            setup.next_help = following.help_text
            setup.next_text = following and f"{following.sequence}. {following.name}"

    @api.depends("checked_at", "company_id")
    def _compute_balance(self):
        for setup in self:
            figures = setup._balance_figures()
            for name in (
                "layer_count",
                "part_count",
                "customs_value",
                "short_count",
                "expired_count",
            ):
                setup[name] = figures[name]

    # writing ---------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.keys() - {"company_id"} for vals in vals_list):
            raise AccessError(self.env._("The steps of a setup are made by itself."))
        setups = super().create(vals_list)
        setups._make_steps()
        return setups

    def write(self, vals):
        if not self.env.su and set(vals) - {"step_ids", *self._fields_of_thread()}:
            raise AccessError(self.env._("A setup is changed by its steps."))
        return super().write(vals)

    def _fields_of_thread(self):
        return self.env["mail.thread"]._fields

    # buttons ---------------------------------------------------------------------
    @api.model
    def action_open_company(self):
        """Menu: the assistant of the company that the user works in."""
        self._check_manager()
        setup = self._of_company(self.env.company)
        setup._look()
        return setup._action_open()

    @api.model
    def _of_company(self, company):
        """The assistant of a company; made where it has none.

        Of two who open it first at once, one makes it. The other cannot see it within
        the snapshot of a transaction that began before, and fails to serialize: Odoo
        asks its request again, which then finds it. A unique constraint that is
        violated would end the request instead.
        """
        mine = [("company_id", "=", company.id)]
        setup = self.search(mine, limit=1)
        if setup:
            return setup
        self.browse().check_access("create")
        self.env.flush_all()
        self.env.cr.execute(
            """INSERT INTO immex_setup (company_id, create_uid, create_date, write_uid,
                      write_date)
               VALUES (%(company_id)s, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                      now() AT TIME ZONE 'UTC')
               ON CONFLICT (company_id) DO NOTHING""",
            {"company_id": company.id, "uid": self.env.uid},
        )
        setup = self.search(mine, limit=1)
        setup._make_steps()
        setup.sudo()._message_log(body=self.env._("The setup begins."))
        return setup

    def _make_steps(self):
        self.env["immex.setup.step"].sudo().create(
            [{"setup_id": setup.id, "code": code} for setup in self for code in STEPS]
        )

    def _check_manager(self):
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(
                self.env._("The setup assistant is for customs managers.")
            )

    def action_check(self):
        """Button: look everything up again."""
        self.ensure_one()
        self._check_manager()
        self._look()
        return True

    def _look(self):
        """Note when the facts were looked up, and whether the path has been gone."""
        self.ensure_one()
        self.env["immex.setup.step"].invalidate_model()
        values = {"checked_at": fields.Datetime.now()}
        if not self.finished_at and not self.open_count:
            values["finished_at"] = values["checked_at"]
        self.sudo().write(values)

    def action_next(self):
        """Button: to the first step that can be taken and is not."""
        self.ensure_one()
        self._check_manager()
        code = self._next_code(self._facts())
        if not code:
            self._look()
            return self._open_step("balance")
        return self._open_step(code)

    def action_finish(self):
        """Button: what is open stays so; the home page does not remind any more."""
        self.ensure_one()
        self._check_manager()
        if not self.env["immex.discharge.run"].search_count(
            [("company_id", "=", self.company_id.id), ("state", "=", "done")], limit=1
        ):
            raise UserError(self.env._("Run the first discharge before you finish."))
        self.sudo().finished_at = fields.Datetime.now()
        return True

    def action_resume(self):
        """Button: the path is open again."""
        self.ensure_one()
        self._check_manager()
        self.sudo().finished_at = False
        return True

    def _action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Setup Assistant"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "res_id": self.id,
        }

    @api.model
    def _next_code(self, facts):
        """The first step that is open and whose own needs are met, else the first."""
        pending = [code for code in STEPS if facts[code].state in (TODO, ATTENTION)]
        for code in pending:
            if not any(facts[need].state == TODO for need in STEPS[code].needs):
                return code
        return pending[0] if pending else None

    @api.model
    def _is_pending(self, company):
        """Whether the company has begun its path and not finished it. Looks nothing up:
        the home page asks it."""
        return bool(
            self.search_count(
                [("company_id", "=", company.id), ("finished_at", "=", False)], limit=1
            )
        )
