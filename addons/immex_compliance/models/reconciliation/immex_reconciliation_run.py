# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .runner import compare, wrong

INLINE_PARTIDAS = "immex_compliance.inline_reconcile_partidas"
INLINE_DEFAULT = 20_000  # partidas of the period that one request compares


class ImmexReconciliation(models.Model):
    """Comparing: at once, in the background, every week."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "immex.reconciliation"

    def action_run(self):
        """Button: compare, or compare again; in the background where it is large."""
        self.check_access("write")
        for run in self:
            if run.state == "waiting":
                raise UserError(self.env._("It is being compared already."))
            if run._is_large():
                run._enqueue()
            else:
                run._run()
        return True

    def _is_large(self):
        self.ensure_one()
        limit = self.env["ir.config_parameter"].sudo().get_param(INLINE_PARTIDAS, "")
        limit = int(limit) if limit.isdigit() else INLINE_DEFAULT
        [(partidas,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM (
                    SELECT FROM immex_datastage_pedimento p
                      JOIN immex_datastage_partida s ON s.datastage_id = p.id
                     WHERE p.company_id = %(company)s
                       AND p.payment_date BETWEEN %(first)s AND %(last)s
                     LIMIT %(limit)s) s
                """,
                company=self.company_id.id,
                first=self.date_from,
                last=self.date_to,
                limit=limit + 1,
            )
        )
        return partidas > limit

    def _enqueue(self):
        self.ensure_one()
        job = self.env["immex.job"]._enqueue(
            self.company_id,
            "reconcile",
            self.env._("Reconciliation %(period)s", period=self.display_name),
            reconciliation_id=self.id,
        )
        self.sudo().write({"state": "waiting", "job_id": job.id})

    @api.private
    def _run(self):
        """Compare now, in this transaction."""
        self.ensure_one()
        self.check_access("write")
        run = self.sudo()
        run.lock_for_update()
        self.env.flush_all()
        counts = compare(self.env.cr, run._params())
        self.env["immex.reconciliation.line"].invalidate_model(flush=False)
        run.write(
            counts
            | {
                "state": "done",
                "run_at": fields.Datetime.now(),
                "run_user_id": self.env.uid,
            }
        )
        run._recount()

    @api.private
    def _recount(self):
        """How many of the government's records agree, and are explained."""
        self.env["immex.reconciliation.line"].flush_model()
        for run in self.sudo():
            run.write(
                {
                    f"{record}_{kind}": run[f"{record}_count"] - count
                    for (record, kind), count in wrong(self.env.cr, run.id).items()
                }
            )

    def _params(self):
        self.ensure_one()
        # as texts: exact
        [(money, quantity, sums)] = self.env.execute_query(
            SQL(
                "SELECT immex_money_tolerance::text, immex_quantity_tolerance::text,"
                " immex_sum_tolerance::text FROM res_company WHERE id = %s",
                self.company_id.id,
            )
        )
        covered = self._covered(self.company_id)
        return {
            "run_id": self.id,
            "company_id": self.company_id.id,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "money": money,
            "quantity": quantity,
            "sums": sums,
            "covered_from": [first for first, _last in covered],
            "covered_to": [last for _first, last in covered],
        }

    @api.private
    def _job_ended(self, state):
        """The end of the work in the background, where it did not compare."""
        if state != "done":
            self.sudo().filtered(lambda run: run.state == "waiting").state = "failed"

    @api.model
    def _cron_reconcile(self):
        """Weekly: every company with Data Stage, all that it covers, as a job."""
        groups = self.env["immex.datastage.pedimento"]._read_group([], ["company_id"])
        companies = self.env["res.company"].union(*(company for (company,) in groups))
        periods = self._store_periods(companies)
        self.env["ir.cron"]._immex_each(
            list(periods),
            lambda company: self._reconcile_company(company, *periods[company]),
        )

    @api.model
    def _reconcile_company(self, company, first, last):
        run = self.search(
            [("company_id", "=", company.id), ("automatic", "=", True)]
        ) or self.create(
            {
                "company_id": company.id,
                "automatic": True,
                "date_from": first,
                "date_to": last,
            }
        )
        if run.state != "waiting":
            run.write({"date_from": first, "date_to": last})
            run._enqueue()
