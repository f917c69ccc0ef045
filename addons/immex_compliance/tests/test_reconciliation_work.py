# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
import zipfile
from datetime import timedelta
from unittest.mock import patch

from lxml import etree
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.reconciliation.workbook import MIMETYPE, write_workbook
from .reconciliation_case import ReconciliationCase


@tagged("post_install", "-at_install")
class TestReconciliationWork(ReconciliationCase):
    """What people do with the differences, and who may."""

    def setUp(self):
        super().setUp()
        self._partida(1)["ValorAduana"] = "950"
        self._row("501", "6000002")["TipoCambio"] = "19"
        self._government()
        self.users = {
            role: new_test_user(
                self.env,
                f"immex_rc_{role}",
                groups=f"immex_compliance.group_{role}",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            for role in ("user", "manager")
        }

    def _line(self, run, field="customs_value"):
        return run.line_ids.filtered(lambda line: line.field == field)

    def _explain(self, line, text="The broker rounded"):
        line = line.with_user(self.users["manager"])
        line.explanation = text
        line.action_explain()

    def test_an_explanation_stays(self):
        run = self._reconcile()
        line = self._line(run)
        self._explain(line)
        self.assertEqual(run.share_settled, 95)  # 19 of 20 records
        self.assertEqual(run.share, 90)
        ids = run.line_ids.ids
        run.action_run()
        # the same facts: nothing is written anew
        self.assertEqual(run.line_ids.ids, ids)
        self.assertEqual(line.state, "explained")
        self.assertEqual(run.share_settled, 95)
        # nor does another run forget it
        again = self._line(self._reconcile())
        self.assertEqual(
            (again.state, again.explanation, again.state_user_id),
            ("explained", "The broker rounded", self.users["manager"]),
        )

    def test_it_opens_when_a_side_says_something_else(self):
        run = self._reconcile()
        line = self._line(run)
        self._explain(line)
        line.with_user(self.users["manager"]).action_assign_me()
        self._partida(1)["ValorAduana"] = "960"
        self._government(name="78.zip")
        run.action_run()
        self.assertEqual(
            (line.state, line.theirs, line.user_id, line.explanation),
            ("open", "960", self.users["manager"], "The broker rounded"),
        )
        self.assertEqual(
            line.datastage_id,
            self.env[line.datastage_id._name].search(
                [("document", "=", "6000001"), ("company_id", "=", self.company.id)]
            ),
        )
        other = self._line(self._reconcile())
        self.assertEqual((other.state, other.user_id), ("open", line.user_id))

    def test_a_new_file_of_the_same_facts_keeps_it(self):
        run = self._reconcile()
        line = self._line(run)
        self._explain(line)
        self._government(self.tables | {"Resumen": []}, name="again.zip")
        # told again: the pedimento of the store keeps its place
        self.assertEqual(line.datastage_id.document, "6000001")
        self.assertEqual(
            self.env["immex.datastage.pedimento"]
            .browse(line.action_open_datastage()["res_id"])
            .document,
            "6000001",
        )
        run.action_run()
        self.assertEqual(line.state, "explained")
        self.assertTrue(line.datastage_id)

    def test_the_last_decision_counts(self):
        first = self._line(self._reconcile())
        self._explain(first)
        second = self._line(self._reconcile())
        second.with_user(self.users["manager"]).action_reopen()
        second.sudo().state_date = fields.Datetime.now() + timedelta(seconds=1)
        self.assertEqual(self._line(self._reconcile()).state, "open")

    def test_what_is_settled_is_gone(self):
        run = self._reconcile()
        self.assertEqual(run.line_count, 2)
        self._partida(1)["ValorAduana"] = "900"
        self._government(name="78.zip")
        run.action_run()
        self.assertEqual(run.line_ids.mapped("field"), ["exchange_rate"])

    def test_it_is_explained_with_words(self):
        line = self._line(self._reconcile()).with_user(self.users["manager"])
        line.explanation = "  "
        with self.assertRaises(UserError):
            line.action_explain()

    def test_roles(self):
        run = self._reconcile()
        line = self._line(run)
        user, manager = self.users["user"], self.users["manager"]
        line.with_user(user).read()
        run.with_user(user).read()
        for call in (
            lambda: run.with_user(user).action_run(),
            lambda: line.with_user(user).action_assign_me(),
            lambda: line.with_user(user).action_explain(),
            lambda: line.with_user(user).action_reopen(),
            lambda: line.with_user(user).write({"explanation": "x"}),
            lambda: line.with_user(manager).write({"theirs": "1"}),
            lambda: line.with_user(manager).write({"state": "explained"}),
            lambda: line.with_user(manager).unlink(),
            # explanations would go with it
            lambda: run.with_user(manager).unlink(),
            lambda: line.with_user(manager).create({"key": "x"}),
        ):
            with self.assertRaises(AccessError):
                call()
        run.with_user(manager).action_run()
        self.assertEqual(run.run_user_id, manager)
        for vals in ({"share": 100}, {"state": "done"}, {"pedimento_agree": 9}):
            with self.assertRaises(AccessError):
                run.with_user(manager).write(vals)
            with self.assertRaises(AccessError):
                run.with_user(manager).create(
                    vals | {"date_from": "2026-01-01", "date_to": "2026-01-31"}
                )
        stranger = new_test_user(self.env, "immex_rc_stranger")
        with self.assertRaises(UserError):
            line.with_user(manager).user_id = stranger
        for name in ("_run", "_recount", "_write_xlsx", "_cron_reconcile"):
            with self.assertRaises(AccessError):
                get_public_method(self.env["immex.reconciliation"], name)

    def test_another_company_sees_none_of_it(self):
        run = self._reconcile()
        other = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(
            self.env,
            "immex_rc_other",
            groups="immex_compliance.group_administrator",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for record in (run, run.line_ids):
            mine = record.with_user(user).with_context(allowed_company_ids=other.ids)
            self.assertFalse(mine.search([("id", "in", record.ids)]))
            with self.assertRaises(AccessError):
                mine.check_access("read")
        model = self.env["immex.reconciliation"].with_user(user)
        latest = model.with_context(allowed_company_ids=other.ids)._latest_share
        self.assertEqual(latest(other), {})
        self.assertEqual(latest(self.company), {})

    def test_a_share_is_rounded_down(self):
        run = self._reconcile()
        run.write({"pedimento_count": 30_000, "pedimento_agree": 29_999})
        run.write({"partida_agree": run.partida_count, "entry_agree": run.entry_count})
        self.assertEqual(run.record_count - run.agree_count, 1)
        self.assertEqual(run.share, 99.99)

    def test_the_latest_share(self):
        model = self.env["immex.reconciliation"]
        self.assertEqual(model._latest_share(self.company), {})
        run = self._reconcile()
        told = model._latest_share(self.company)
        self.assertEqual(
            (told["id"], told["share"], told["open_count"]), (run.id, 90, 2)
        )

    def test_one_click_to_the_documents(self):
        line = self._line(self._reconcile())
        recorded = line.action_open_recorded()
        self.assertEqual(
            self.env[recorded["res_model"]].browse(recorded["res_id"]).document,
            "6000001",
        )
        self.assertEqual(line.action_open_datastage()["res_id"], line.datastage_id.id)
        self.assertEqual(
            self.env["immex.reconciliation.line"].search(
                line.reconciliation_id.action_open_lines()["domain"]
            ),
            line.reconciliation_id.line_ids,
        )

    # in the background ---------------------------------------------------------
    def test_a_large_one_is_a_job(self):
        self.env["ir.config_parameter"].set_param(
            "immex_compliance.inline_reconcile_partidas", "3"
        )
        run = self.env["immex.reconciliation"].create(
            {"date_from": "2026-01-01", "date_to": "2026-12-31"}
        )
        run.action_run()
        self.assertEqual((run.state, run.job_id.kind), ("waiting", "reconcile"))
        with self.assertRaises(UserError):
            run.action_run()
        run.job_id._run_now()
        self.assertEqual((run.job_id.state, run.state), ("done", "done"))
        self.assertEqual(run.line_count, 2)

    def test_a_job_that_ends_badly(self):
        run = self.env["immex.reconciliation"].create(
            {"date_from": "2026-01-01", "date_to": "2026-12-31"}
        )
        run._enqueue()
        with patch.object(
            self.env.registry["immex.reconciliation"],
            "_run",
            side_effect=UserError("no"),
        ):
            run.job_id._run_now()
        self.assertEqual((run.job_id.state, run.state), ("failed", "failed"))
        run.action_run()
        self.assertEqual(run.state, "done")
        # and once more, after it was stopped
        run._enqueue()
        run.job_id.action_cancel()
        self.assertEqual(run.state, "failed")
        run.job_id.action_retry()
        run.job_id._run_now()
        self.assertEqual(run.state, "done")

    def _weekly(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("immex_compliance.ir_cron_reconcile").method_direct_trigger()
        self.env.invalidate_all()

    def test_another_period_is_to_be_compared(self):
        run = self._reconcile()
        mine = run.with_user(self.users["manager"])
        mine.date_from = "2026-10-03"
        self.assertEqual(run.state, "draft")
        other = self.env["res.company"].create({"name": "Other"})
        self.users["manager"].company_ids |= other
        with self.assertRaises(UserError):
            mine.company_id = other
        mine.action_run()
        self.assertFalse(run.line_ids)
        run._enqueue()
        with self.assertRaises(UserError):
            mine.date_from = "2026-10-01"

    def test_weekly(self):
        model = self.env["immex.reconciliation"]
        self._weekly()
        run = model.search(
            [("automatic", "=", True), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(
            (str(run.date_from), str(run.date_to)), ("2026-10-02", "2026-10-02")
        )
        run.job_id._run_now()
        self.assertEqual((run.state, run.line_count), ("done", 2))
        self._row("501", "6000002")["FechaPagoReal"] = "2026-10-20"
        self._government(name="78.zip")
        self._weekly()
        self.assertEqual((run.state, str(run.date_to)), ("waiting", "2026-10-20"))
        job = run.job_id
        self._weekly()
        self.assertEqual(run.job_id, job)  # it waits already

    # settings ------------------------------------------------------------------
    def test_tolerances_are_not_negative(self):
        for name in ("immex_money_tolerance", "immex_quantity_tolerance"):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.company[name] = -1
                self.company.flush_recordset()
            self.company.invalidate_recordset()

    # workbook ------------------------------------------------------------------
    def _cells(self, content, sheet=1):
        """Rows of texts of a sheet, and whether there is a formula or a link."""
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            name = f"xl/worksheets/sheet{sheet}.xml"
            tree = etree.fromstring(archive.read(name))
        space = {"s": tree.nsmap[None]}
        rows = [
            ["".join(cell.itertext()) for cell in row.iterfind("s:c", space)]
            for row in tree.iterfind(".//s:row", space)
        ]
        return rows, bool(
            tree.findall(".//s:f", space) or tree.findall(".//s:hyperlink", space)
        )

    def test_xlsx(self):
        run = self._reconcile()
        self._explain(self._line(run), '=HYPERLINK("http://x")\x01')
        stream = io.BytesIO()
        run.with_user(self.users["user"])._write_xlsx(stream)
        rows, active = self._cells(stream.getvalue())
        self.assertFalse(active)
        self.assertIn(self.company.name, rows[0][0])
        self.assertEqual(rows[1][:2], ["Number (15 digits)", "Counterpart"])
        self.assertEqual(len(rows), 2 + 2)
        [told] = [row for row in rows if "Customs value (MXN)" in row]
        for text in ("262434566000001", "900", "950", "-50", "Explained"):
            self.assertIn(text, told)
        self.assertTrue(told[-1].startswith("=HYPERLINK"))

    def test_a_full_sheet_goes_on(self):
        stream = io.BytesIO()
        rows = [("=1+1", number, None) for number in range(5)]
        write_workbook(stream, "T", [("A", 10), ("B", 10), ("C", 10)], rows, max_rows=5)
        first, active = self._cells(stream.getvalue())
        second, _active = self._cells(stream.getvalue(), 2)
        self.assertFalse(active)
        self.assertEqual([row[0] for row in first[2:]], ["=1+1"] * 3)
        self.assertEqual([row[1] for row in second[2:]], ["3", "4"])

    def test_an_empty_list_is_a_workbook(self):
        run = self._reconcile("2020-01-01", "2020-12-31")
        stream = io.BytesIO()
        run._write_xlsx(stream)
        rows, _active = self._cells(stream.getvalue())
        self.assertEqual(len(rows), 2)


@tagged("post_install", "-at_install")
class TestReconciliationDownload(HttpCase):
    def test_under_the_rights_of_who_asks(self):
        company = self.env["res.company"].create({"name": "Mine"})
        other = self.env["res.company"].create({"name": "Theirs"})
        mine, theirs = self.env["immex.reconciliation"].create(
            [
                {
                    "company_id": owner.id,
                    "date_from": "2026-01-01",
                    "date_to": "2026-01-31",
                }
                for owner in (company, other)
            ]
        )
        (mine | theirs).action_run()
        new_test_user(
            self.env,
            "immex_rc_download",
            password="immex_rc_download",
            groups="immex_compliance.group_user",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.authenticate("immex_rc_download", "immex_rc_download")
        answer = self.url_open(mine.action_xlsx()["url"])
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], MIMETYPE)
        self.assertIn(
            "reconciliation_2026-01-01_2026-01-31.xlsx",
            answer.headers["Content-Disposition"],
        )
        self.assertTrue(zipfile.is_zipfile(io.BytesIO(answer.content)))
        self.assertEqual(self.url_open(theirs.action_xlsx()["url"]).status_code, 404)
        new_test_user(
            self.env,
            "immex_rc_nobody",
            password="immex_rc_nobody",
            groups="base.group_user",
        )
        self.authenticate("immex_rc_nobody", "immex_rc_nobody")
        self.assertNotEqual(self.url_open(mine.action_xlsx()["url"]).status_code, 200)
