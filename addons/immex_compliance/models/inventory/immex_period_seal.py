# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...engine import seal as sealing
from ...engine.progress import STEPS
from ..job.reporting import report


class ImmexPeriodSeal(models.Model):
    """A closed month: runs change nothing up to its last day.

    The seal is a SHA-256 over the month's ledger rows, chained to the month before. A
    reopening keeps this version, readable as the run left it, and closing again makes
    the next version beside it (Anexo 30 III-f and III-h: a correction replaces the
    whole report).
    """

    _name = "immex.period.seal"
    _description = "Closed period"
    _inherit = ["mail.thread"]
    _order = "company_id, date_to desc, version desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    name = fields.Char("Period", compute="_compute_name")
    date_from = fields.Date(
        "From", readonly=True, help="Empty in the first: everything before."
    )
    date_to = fields.Date("To", required=True, readonly=True)
    version = fields.Integer(required=True, default=1, readonly=True)
    run_id = fields.Many2one(
        "immex.discharge.run", "As Left By", required=True, ondelete="restrict"
    )
    row_count = fields.Integer("Ledger Rows", readonly=True)
    sha256 = fields.Char("Seal", size=64, required=True, readonly=True)
    previous_id = fields.Many2one(
        "immex.period.seal", "Chained To", readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        [("closed", "Closed"), ("reopened", "Reopened")],
        required=True,
        default="closed",
        readonly=True,
        tracking=True,
    )
    closed_by = fields.Many2one("res.users", readonly=True, required=True)
    closed_at = fields.Datetime(readonly=True, required=True)
    reopened_by = fields.Many2one("res.users", readonly=True)
    reopened_at = fields.Datetime(readonly=True)
    reason = fields.Char("Reason of the Reopening", readonly=True, tracking=True)

    _version_unique = models.Constraint(
        "UNIQUE (company_id, date_to, version)", "This version is already there."
    )
    _closed_unique = models.UniqueIndex("(company_id, date_to) WHERE state = 'closed'")

    @api.depends("date_to", "version")
    def _compute_name(self):
        for seal in self:
            month = seal.date_to.strftime("%Y-%m") if seal.date_to else ""
            seal.name = f"{month} v{seal.version}"

    @api.private
    def _ask_close(self, company, date_to, **values):
        """A job that closes everything up to ``date_to`` (see :meth:`_close`).

        What refuses it is told at once, where it is known. Asked for again while the
        work waits or runs, it is the same job.

        :param values: further fields of the job
        """
        self._check_close(company, date_to)
        jobs = self.env["immex.job"]
        job = jobs.sudo()._closing(company)
        if job and job.date_to == date_to:
            return job.with_env(self.env)
        if job:
            raise UserError(
                self.env._(
                    "%(work)s is under way. Close this month when it has ended.",
                    work=job.with_context(lang=self.env.lang).title,
                )
            )
        month = f"{date_to:%Y-%m}"
        name = self.env._(
            "Close of %(month)s, %(company)s", month=month, company=company.name
        )
        return jobs._enqueue(company, "close", name, date_to=date_to, **values)

    @api.private
    def _close(self, company, date_to):
        """Run the discharge, then close everything up to ``date_to``; return the seals.

        In this very transaction: both are kept, or neither. The caller holds the
        company's lock. One seal for each month since the last closed one.
        """
        run = self._run_to_close(company, date_to)
        return self._seal(company, date_to, run)

    @api.private
    def _run_to_close(self, company, date_to):
        """The run on which ``date_to`` is closed, where it may be closed."""
        self._check_close(company, date_to)
        runs = self.env["immex.discharge.run"]
        return runs._run_here(company, self.env._("Closing of a period"))

    def _check_close(self, company, date_to):
        """Refuse who is no customs manager of the company, and any day that is not the
        last of a month that is over and later than the last closed one."""
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers close a period."))
        if not self.env.su and company not in self.env.user.company_ids:
            raise AccessError(self.env._("The company is not among yours."))
        last = self._last(company)
        if (date_to + relativedelta(days=1)).day != 1:
            raise UserError(self.env._("A period ends with the last day of a month."))
        if date_to >= fields.Date.context_today(self):
            raise UserError(self.env._("This month is not over yet."))
        if last and date_to <= last.date_to:
            raise UserError(
                self.env._("%(period)s is closed already.", period=last.name)
            )

    @api.model
    def _last(self, company):
        return self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", "closed")],
            order="date_to desc",
            limit=1,
        )

    @api.private
    def _seal(self, company, date_to, run):
        """Write and return the seals of the months up to ``date_to``, as ``run`` of
        this transaction left them."""
        report(STEPS, STEPS + 1, "seal")
        self.env.flush_all()
        seals = self.sudo()
        last = seals._last(company)
        made = seals
        first = last.date_to + relativedelta(days=1) if last else False
        end = first + relativedelta(day=31) if first else date_to
        while end <= date_to:
            versions = seals.search(
                [("company_id", "=", company.id), ("date_to", "=", end)]
            ).mapped("version")
            sha256, rows = sealing.compute(
                self.env.cr,
                company.id,
                last.date_to.isoformat() if last else "-infinity",
                end.isoformat(),
                run.id,
                last.sha256 or "",
            )
            last = seals.create(
                {
                    "company_id": company.id,
                    "date_from": first,
                    "date_to": end,
                    "version": max(versions, default=0) + 1,
                    "run_id": run.id,
                    "row_count": rows,
                    "sha256": sha256,
                    "previous_id": last.id,
                    "closed_by": self.env.uid,
                    "closed_at": fields.Datetime.now(),
                }
            )
            made |= last
            first = end + relativedelta(days=1)
            end = first + relativedelta(day=31)
        self.env.flush_all()
        return made.with_env(self.env)

    def _verify(self):
        """Whether the ledger still says, as of this seal's run, what was sealed."""
        self.ensure_one()
        self.env.flush_all()
        before = self.previous_id
        return sealing.compute(
            self.env.cr,
            self.company_id.id,
            before.date_to.isoformat() if before else "-infinity",
            self.date_to.isoformat(),
            self.run_id.id,
            before.sha256 or "",
        ) == (self.sha256, self.row_count)

    def action_verify(self):
        """Button: compute the seal again and tell whether it is the same."""
        self.check_access("read")
        sound = all(seal._verify() for seal in self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if sound else "danger",
                "sticky": not sound,
                "message": self.env._("The ledger is what was sealed.")
                if sound
                else self.env._("The ledger differs from what was sealed."),
            },
        }

    @api.private
    def _reopen(self, reason):
        """Reopen this period and all later ones; the next run is full.

        Administrators only, with a reason. The versions stay readable.
        """
        self.ensure_one()
        if not self.env.user.has_group("immex_compliance.group_administrator"):
            raise AccessError(self.env._("Only administrators reopen a period."))
        if not (reason or "").strip():
            raise UserError(self.env._("Enter the reason of the reopening."))
        later = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_to", ">=", self.date_to),
                ("state", "=", "closed"),
            ]
        )
        later.write(
            {
                "state": "reopened",
                "reopened_by": self.env.uid,
                "reopened_at": fields.Datetime.now(),
                "reason": reason.strip(),
            }
        )
        self.env["immex.locked.difference"].sudo().search(
            [("company_id", "=", self.company_id.id)]
        ).unlink()
        self.env["immex.change"].sudo().create(
            {"company_id": self.company_id.id, "kind": "A"}
        )
        return later
