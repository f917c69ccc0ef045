# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from contextlib import suppress
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...tools.context import without_defaults
from .export import write_differences
from .runner import RECORDS

ASKED = {"company_id", "date_from", "date_to"}


class ImmexReconciliation(models.Model):
    """The company's books against the government's own data (Data Stage) of a period.

    A record is a pedimento, a partida, or an entry: a contribution or an identifier.
    What was recorded here is compared with what the store of Data Stage holds, last
    version with last version; a run over the same facts writes no line.
    """

    _name = "immex.reconciliation"
    _description = "Reconciliation with Data Stage"
    _order = "date_to desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: self._default_period()[0],
        help="Date of payment, in the books or in Data Stage.",
    )
    date_to = fields.Date(
        "To", required=True, default=lambda self: self._default_period()[1]
    )
    automatic = fields.Boolean(
        "Weekly",
        readonly=True,
        copy=False,
        help="Made again every week over all that the Data Stage files cover.",
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("waiting", "In the background"),
            ("done", "Done"),
            ("failed", "Stopped"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    job_id = fields.Many2one(
        "immex.job", "Background Work", readonly=True, copy=False, ondelete="set null"
    )
    run_at = fields.Datetime("Compared At", readonly=True, copy=False)
    run_user_id = fields.Many2one("res.users", "Compared By", readonly=True, copy=False)
    pedimento_count = fields.Integer("Pedimentos", readonly=True, copy=False)
    pedimento_agree = fields.Integer("Pedimentos That Agree", readonly=True, copy=False)
    pedimento_settled = fields.Integer(
        "Pedimentos Settled", readonly=True, copy=False, help="Agree, or are explained."
    )
    partida_count = fields.Integer("Partidas", readonly=True, copy=False)
    partida_agree = fields.Integer("Partidas That Agree", readonly=True, copy=False)
    partida_settled = fields.Integer(
        "Partidas Settled", readonly=True, copy=False, help="Agree, or are explained."
    )
    entry_count = fields.Integer(
        "Contributions and Identifiers", readonly=True, copy=False
    )
    entry_agree = fields.Integer(
        "Contributions and Identifiers That Agree", readonly=True, copy=False
    )
    entry_settled = fields.Integer(
        "Contributions and Identifiers Settled",
        readonly=True,
        copy=False,
        help="Agree, or are explained.",
    )
    record_count = fields.Integer(
        "Government Records", compute="_compute_share", store=True
    )
    agree_count = fields.Integer(
        "Records That Agree", compute="_compute_share", store=True
    )
    share = fields.Float(
        "Agree (%)",
        digits=(6, 2),
        compute="_compute_share",
        store=True,
        aggregator=None,
        help="Share of the government's records with which the books agree. Rounded "
        "down: 100 only where all of them do.",
    )
    share_settled = fields.Float(
        "Agree or Explained (%)",
        digits=(6, 2),
        compute="_compute_share",
        store=True,
        aggregator=None,
    )
    line_ids = fields.One2many("immex.reconciliation.line", "reconciliation_id")
    line_count = fields.Integer("Differences", compute="_compute_lines")
    open_count = fields.Integer("Open Differences", compute="_compute_lines")
    store_from = fields.Date("Data Stage From", compute="_compute_store")
    store_to = fields.Date("Data Stage To", compute="_compute_store")

    _period = models.Constraint(
        "CHECK (date_from <= date_to)", "The period ends before it begins."
    )
    _one_automatic = models.UniqueIndex(
        "(company_id) WHERE automatic",
        "A company has one reconciliation that is made again every week.",
    )

    @api.depends("date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            run.display_name = " - ".join(
                format_date(self.env, day)
                for day in (run.date_from, run.date_to)
                if day
            )

    @api.depends(
        *(
            f"{record}_{kind}"
            for record in RECORDS
            for kind in ("count", "agree", "settled")
        )
    )
    def _compute_share(self):
        for run in self:
            total, agree, settled = (
                sum(run[f"{record}_{kind}"] for record in RECORDS)
                for kind in ("count", "agree", "settled")
            )
            run.record_count, run.agree_count = total, agree
            # in whole hundredths of a percent
            run.share = agree * 10000 // total / 100 if total else 0
            run.share_settled = settled * 10000 // total / 100 if total else 0

    def _compute_lines(self):
        counts = {
            (run.id, state): count
            for run, state, count in self.env["immex.reconciliation.line"]._read_group(
                [("reconciliation_id", "in", self.ids)],
                ["reconciliation_id", "state"],
                ["__count"],
            )
        }
        for run in self:
            run.open_count = counts.get((run.id, "open"), 0)
            run.line_count = run.open_count + counts.get((run.id, "explained"), 0)

    @api.depends("company_id", "date_from", "date_to")
    def _compute_store(self):
        periods = self._store_periods(self.company_id)
        for run in self:
            run.store_from, run.store_to = periods.get(run.company_id, (False, False))

    @api.model
    def _default_period(self):
        """What the company's Data Stage files tell of."""
        company = self.env.company
        return self._store_periods(company).get(company, (False, False))

    @api.model
    def _store_periods(self, companies):
        """First and last day that the Data Stage files of ``companies`` tell of: of
        payments, and of the queries where the files say (table Resumen)."""
        days = {
            company: [first, last]
            for company, first, last in self.env[
                "immex.datastage.pedimento"
            ]._read_group(
                [("company_id", "in", companies.ids)],
                ["company_id"],
                ["payment_date:min", "payment_date:max"],
            )
        }
        for row in self.env["immex.datastage.record"].search(
            [("company_id", "in", companies.ids), ("table_name", "=", "Resumen")]
        ):
            for name in ("Fecha_Inicial", "Fecha_Final"):
                # as it came from outside
                with suppress(ValueError):
                    day = date.fromisoformat(str(row.content.get(name))[:10])
                    days.setdefault(row.company_id, []).append(day)
        return {company: (min(told), max(told)) for company, told in days.items()}

    # asking --------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_asked(vals)
        asked = without_defaults(self, ASKED)
        return super(ImmexReconciliation, asked).create(vals_list)

    def write(self, vals):
        """A person says what to compare; what was found is the comparison's."""
        self._check_asked(vals)
        if not self.env.su:
            if "waiting" in self.mapped("state"):
                raise UserError(self.env._("It is being compared already."))
            self.sudo().filtered("run_at").state = "draft"
            if "company_id" in vals and any(self.mapped("run_at")):
                raise UserError(
                    self.env._("Make a new reconciliation for another company.")
                )
        return super().write(vals)

    def _check_asked(self, vals):
        if not self.env.su and set(vals) - ASKED:
            raise AccessError(
                self.env._("Of a reconciliation, only the period can be written.")
            )

    @api.model
    def _latest_share(self, company):
        """What a dashboard tells: the figures of the company's last reconciliation.

        :return: dict of id, run_at, date_from, date_to, share and share_settled
            (percent), open_count; empty where none was made
        """
        run = self.search(
            [("company_id", "=", company.id), ("run_at", "!=", False)],
            order="run_at desc, id desc",
            limit=1,
        )
        names = ("run_at", "date_from", "date_to", "share", "share_settled")
        return {name: run[name] for name in ("id", *names, "open_count") if run}

    # looking -------------------------------------------------------------------
    def action_open_lines(self):
        """Button: the work list."""
        self.ensure_one()
        values = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_reconciliation_line"
        )
        values["domain"] = [("reconciliation_id", "=", self.id)]
        return values

    def action_open_job(self):
        """Button: how far the work in the background is."""
        self.ensure_one()
        return self.job_id._action_open()

    def action_xlsx(self):
        """Button: the differences as a workbook."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/immex/reconciliation/{self.id}/xlsx",
            "target": "download",
        }

    @api.private
    def _write_xlsx(self, stream):
        """Write the differences as a workbook to a binary ``stream``."""
        self.ensure_one()
        self.check_access("read")
        write_differences(self, stream)
