# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation
from pypdf import PdfReader

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.immex_compliance.engine import seal as sealing

from ..models.month_end.steps import STEPS
from .common import ReportCase

END = date(2026, 10, 31)
FULL = "the disk is full"


@tagged("post_install", "-at_install")
class TestMonthEnd(ReportCase):
    """October of the small plant is closed by its checklist."""

    def setUp(self):
        super().setUp()
        self._month()
        self.manager = new_test_user(
            self.env,
            "month_manager",
            groups="immex_compliance.group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.month = (
            self.env["immex.month.end"]
            .with_user(self.manager)
            .create({"company_id": self.company.id, "date_to": END})
        )

    def _states(self):
        self.month.action_check()
        return {step.code: step.state for step in self.month.step_ids}

    def _step(self, code):
        return self.month.step_ids.filtered(lambda step: step.code == code)

    def _close(self):
        """Asked for, and done by the background work."""
        self.month.action_close()
        self.month.job_id.sudo()._run_now()
        self.month.invalidate_recordset()

    def _full_run(self):
        self.env["immex.discharge.run"]._run_company(self.company, "test", full=True)

    def test_what_is_looked_up(self):
        self._full_run()
        states = self._states()
        self.assertEqual(list(states), list(STEPS))
        self.assertEqual(states["former"], "none")
        self.assertEqual(states["counts"], "none")
        self.assertEqual(states["scccyg"], "none")
        self.assertEqual(states["documents"], "open")
        self.assertEqual(states["discharge"], "fine")
        # five went without a document
        self.assertEqual(states["waiting"], "wrong")
        self.assertEqual(self._step("waiting").count, 1)
        self.assertEqual(
            self._step("waiting").result, "1 delivery without a customs document."
        )
        domain = self._step("waiting").action_open()["domain"]
        self.assertEqual(self.env["immex.finding"].search_count(domain), 1)
        self.assertEqual(states["reconciliation"], "wrong")
        self.assertEqual(states["stock"], "wrong")
        self.assertIn("Not compared", self._step("stock").result)
        self.assertEqual(self._step("reports").count, 5)
        # recorded today, paid in October
        late = self._step("late")
        self.assertEqual(late.state, "wrong")
        self.assertEqual(
            late.count,
            self.env["immex.pedimento"].search_count(late.action_open()["domain"]),
        )

    def test_one_and_more_in_words(self):
        pairs = {
            (code, state): forms
            for code, step in STEPS.items()
            for state, forms in (("fine", step.fine), ("wrong", step.wrong))
            if isinstance(forms, tuple)
        }
        self.assertGreater(len(pairs), 8)
        for code, state in pairs:
            with self.subTest(step=code, state=state):
                step = self._step(code).sudo()
                step.write({"state": state, "count": 1, "share": 50})
                one = step.result
                step.count = 2000
                self.assertTrue(one.startswith("1 "))
                self.assertTrue(step.result.startswith("2,000 "))

    def test_a_fact_after_the_run_opens_the_discharge(self):
        self._full_run()
        self.assertEqual(self._states()["discharge"], "fine")
        pedimento = self._pedimento("IN", "1", "2026-10-28", [(self.material, 1)])
        self._transfer("incoming", "2026-10-28", [(self.material, 1)], pedimento)
        self.assertEqual(self._states()["discharge"], "wrong")
        self.assertTrue(self._step("discharge").count)
        self.assertIn("facts changed", self._step("discharge").result)
        self._run()
        # the last full run is the proof; the queue is empty again
        self.assertEqual(self._states()["discharge"], "fine")

    def test_a_document_settles_the_waiting_exit(self):
        gone = self._step("waiting")
        self.month.action_check()
        self.assertEqual(gone.state, "wrong")
        finding = self.env["immex.finding"].search(gone.action_open()["domain"])
        finding.note = "Sample without value"
        finding.action_explain()
        self.month.action_check()
        self.assertEqual(gone.state, "fine")
        self.assertEqual(gone.done_by, self.manager)

    def test_stock_and_reconciliation_are_asked_for(self):
        self.month.action_check()
        self._step("stock").action_do()
        self.month.action_check()
        balance = self.env["immex.stock.balance"].search(
            [("company_id", "=", self.company.id), ("date", "=", END)]
        )
        self.assertEqual(balance.state, "done")
        expected = "wrong" if balance.open_count else "fine"
        self.assertEqual(self._step("stock").state, expected)
        self._step("reconciliation").action_do()
        run = self.env["immex.reconciliation"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual((run.state, run.date_to), ("done", END))
        self.month.action_check()
        # no Data Stage of the month: it cannot agree
        self.assertEqual(self._step("reconciliation").state, "wrong")

    def test_reports_are_made_and_kept(self):
        self.month.action_check()
        self._step("reports").action_do()
        self.assertEqual(self._states()["reports"], "fine")
        kept = self.env["immex.report.run"].search(
            [("company_id", "=", self.company.id), ("kept", "=", True)]
        )
        self.assertEqual(len(kept), 5)
        self.assertTrue(all(len(run.attachment_ids) == 3 for run in kept))

    def test_the_checklist_on_paper(self):
        self.month.action_check()
        self._step("waiting").note = "Sample (no value)"
        self.month.reason = "The broker is late"
        self.assertEqual(
            self.month.action_print()["url"], f"/immex/month_end/{self.month.id}"
        )
        self.env["res.lang"]._activate_lang("es_MX")
        for lang in ("en_US", "es_MX"):
            stream = io.BytesIO()
            month = self.month.with_context(lang=lang)
            month._write_checklist(stream)
            said = "".join(
                "".join(page.extract_text().split()) for page in PdfReader(stream).pages
            )
            for text in (self.company.name, "ADN150203AB1", "1234-2019", month.reason):
                self.assertIn("".join(text.split()), said)
            for step in month.step_ids:
                self.assertIn("".join(step.name.split()), said)
            self.assertIn("(novalue)", said)
            self.assertNotIn("False", said)

    def test_counts_of_a_company_that_works_by_period(self):
        document = self.env["immex.period.consumption"].create(
            {
                "company_id": self.company.id,
                "date_from": "2026-10-01",
                "date_to": "2026-10-31",
            }
        )
        self.assertEqual(self._states()["counts"], "wrong")
        self.assertEqual(self._step("counts").count, 1)
        document.action_fill()
        document.line_ids.explanation = "Counted"
        document.action_ratify()
        self.assertEqual(self._states()["counts"], "fine")

    def test_reports_of_the_scccyg(self):
        self.env["immex.scccyg.layout"].create(
            {
                "company_id": self.company.id,
                "valid_from": "2026-01-01",
                "start_date": "2026-01-01",
            }
        )
        self.assertEqual(self._states()["scccyg"], "wrong")
        report = self.env["immex.scccyg.report"].create(
            {
                "company_id": self.company.id,
                "destination": "return",
                "year": 2026,
                "number": 9,
            }
        )
        self.assertEqual(self._states()["scccyg"], "wrong")
        self.assertEqual(self._step("scccyg").count, 1)
        report.state = "sent"
        self.assertEqual(self._states()["scccyg"], "fine")

    def test_people_confirm_what_is_theirs(self):
        self.month.action_check()
        with self.assertRaisesRegex(UserError, "looked up"):
            self._step("waiting").action_confirm()
        late = self._step("late")
        with self.assertRaisesRegex(UserError, "note"):
            late.action_confirm()
        late.note = "The broker's system was down"
        late.action_confirm()
        documents = self._step("documents")
        documents.action_confirm()
        self.assertEqual(
            (documents.state, documents.done_by), ("confirmed", self.manager)
        )
        self.month.action_check()
        self.assertEqual(late.state, "confirmed", "the figures are the same")
        another = self._pedimento("IN", "1", "2026-10-30", [(self.material, 1)])
        self.assertTrue(another.registered_late)
        self.month.action_check()
        self.assertEqual(late.state, "wrong", "one more came late")
        documents.action_undo()
        self.assertFalse(documents.done_by)

    def test_blocking_steps_refuse_the_close(self):
        with self.assertRaisesRegex(UserError, "customs document"):
            self.month.action_close()
        self.assertEqual(self.month.state, "open")
        self.month.reason = "The auditor asked for it"
        self._close()
        seal = self.month.seal_id
        self.assertEqual((self.month.state, seal.date_to), ("closed", END))
        self.assertEqual(seal.closed_by, self.manager)
        self.assertEqual(self.month.sha256, seal.sha256)
        self.assertIn(self._step("waiting").name, self.month.open_at_close)
        self.assertNotIn(self._step("reports").name, self.month.open_at_close)
        # what was so at the close stays
        with self.assertRaises(UserError):
            self.month.reason = "Another"
        with self.assertRaises(UserError):
            self._step("documents").note = "Later"
        with self.assertRaises(UserError):
            self.month.unlink()
        found = self.env["immex.month.end"].search([("state", "=", "closed")])
        self.assertIn(self.month, found)
        self.assertNotIn(
            self.month, self.env["immex.month.end"].search([("state", "=", "open")])
        )
        seal.with_env(self.env)._reopen("Late pedimento")
        self.month.invalidate_recordset()
        self.assertEqual(self.month.state, "open")

    def test_nothing_open_needs_no_reason(self):
        self._full_run()
        self.month.action_check()
        for step in self.month.step_ids.filtered(lambda step: not step.by_person):
            # as if everything had been settled
            self.patch(
                self.env.registry["immex.month.end"],
                f"_check_{step.code}",
                lambda month: ("fine", 0),
            )
        (self._step("documents") + self._step("review")).action_confirm()
        self._close()
        self.assertFalse(self.month.open_at_close)
        self.assertEqual(self.month.state, "closed")

    def test_being_closed(self):
        """What the form tells meanwhile, and what nobody may do to it."""
        self.month.reason = "The auditor asked for it"
        self.month.action_close()
        job = self.month.job_id
        self.assertEqual((self.month.state, job.state), ("closing", "waiting"))
        self.assertIn("waits for the background work", self.month.told)
        self.assertFalse(self.env["immex.period.seal"].search([("date_to", "=", END)]))
        months = self.env["immex.month.end"]
        for state, found in (("closing", True), ("open", False), ("closed", False)):
            self.assertEqual(
                self.month in months.search([("state", "=", state)]), found, state
            )
        self.month.action_close()
        self.assertEqual(self.month.job_id, job, "asked again, it is the same")
        for refused in (
            lambda: self._step("documents").action_confirm(),
            lambda: self.month.write({"reason": "Another"}),
            lambda: self.month.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "being closed"):
                refused()
        # what the machine looks up rests, too
        checked = self.month.checked_at
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            self.month.action_check()
            months._check_months_of(self.company)
            self.assertEqual(self.month.checked_at, checked)
            # no scheduled action runs on this server
            self.month.invalidate_recordset(["told"])
            self.assertRegex(self.month.told, r"for 6\d minutes")
            self.assertIn("Ask an administrator", self.month.told)
        job.sudo().write({"state": "running", "step": "layers", "done": 3, "total": 9})
        self.assertEqual(self.month.told, "4 of 9: Makes the layers")
        self.month.action_stop()
        self.assertTrue(job.cancel_asked)
        job.sudo()._finish("cancelled")
        self.assertEqual(self.month.state, "open")
        self.assertIn("the close was stopped", self.month.told)
        self._close()
        self.assertEqual((self.month.state, self.month.told), ("closed", False))
        self.assertIn("closed and sealed", self.month.message_ids[:1].body)

    def test_a_close_that_fails_is_told_on_the_month(self):
        self.month.reason = "The auditor asked for it"

        def broken(*_arguments):
            raise UserError(FULL)

        with patch.object(sealing, "compute", broken):
            self._close()
        self.assertEqual(self.month.state, "open")
        self.assertFalse(self.month.open_at_close, "all is undone")
        self.assertIn("not closed.\nthe disk is full", self.month.told)
        self.assertIn("close the month again", self.month.told)
        self._close()
        self.assertEqual(self.month.state, "closed")

    def _in_order(self):
        """A month whose steps are in order, but for what follows."""
        self.month.action_check()
        finding = self.env["immex.finding"].search(
            self._step("waiting").action_open()["domain"]
        )
        finding.note = "Sample without value"
        finding.action_explain()
        self._full_run()
        for code in ("reconciliation", "stock", "scccyg"):
            self.patch(
                self.env.registry["immex.month.end"],
                f"_check_{code}",
                lambda month: ("fine", 0),
            )
        (self._step("documents") + self._step("review")).action_confirm()
        self.month.action_check()
        self.assertFalse(self.month._pending())

    def test_a_step_that_the_run_opens_refuses_the_close(self):
        """A delivery of the month comes in between: nobody has seen it open."""
        self._in_order()
        self.month.action_close()
        self._transfer("outgoing", "2026-10-20", [(self.product, 1)])
        job = self.month.job_id.sudo()
        job._run_now()
        self.month.invalidate_recordset()
        self.assertEqual((job.state, self.month.state), ("failed", "open"))
        self.assertIn(self._step("waiting").name, job.error)
        self.assertIn("1 delivery", self.month.told)
        # the run is kept, so that the delivery can be looked at
        self.assertEqual(job.run_id.state, "done")
        self.assertEqual(self._step("waiting").state, "wrong")
        domain = self._step("waiting").action_open()["domain"]
        self.assertEqual(self.env["immex.finding"].search_count(domain), 1)
        self.assertFalse(self.env["immex.period.seal"].search([("date_to", "=", END)]))
        # with the reason, by who has seen it
        with self.assertRaisesRegex(UserError, "customs document"):
            self.month.action_close()
        self.month.reason = "A sample, to be documented in November"
        self._close()
        self.assertEqual(self.month.state, "closed")
        self.assertIn("1 delivery", self.month.open_at_close)

    def test_steps_tell_what_was_so_at_the_close(self):
        """What the run of the close settles is settled in the checklist."""
        self._in_order()
        self.month.reason = "Seen"
        pedimento = self._pedimento("IN", "1", "2026-10-28", [(self.material, 1)])
        self._transfer("incoming", "2026-10-28", [(self.material, 1)], pedimento)
        self.month.action_close()
        self.assertEqual(self._step("discharge").state, "wrong")
        self.month.job_id.sudo()._run_now()
        self.month.invalidate_recordset()
        self.assertEqual(self.month.state, "closed")
        self.assertEqual(self._step("discharge").state, "fine")
        self.assertEqual(self._step("discharge").done_by, self.manager)
        self.assertFalse(self.month.open_at_close)

    def test_months_before_are_closed_with_it(self):
        """Each with its own steps as they were, and both shown as being closed."""
        self.env["immex.period.seal"]._close(self.company, date(2026, 8, 31))
        september = self.month.create(
            {"company_id": self.company.id, "date_to": "2026-09-30"}
        )
        self.month.reason = "Both"
        self.month.action_close()
        self.assertEqual(september.state, "closing")
        self.month.job_id.sudo()._run_now()
        both = september + self.month
        both.invalidate_recordset()
        self.assertEqual(both.mapped("state"), ["closed", "closed"])
        self.assertTrue(september.checked_at)
        for month in both:
            self.assertIn(self._step("documents").name, month.open_at_close)

    def test_a_month_that_has_its_checklist_is_told_when_it_is_chosen(self):
        months = self.env["immex.month.end"].with_user(self.manager)
        with Form(months) as form:
            form.date_to = END
            self.assertEqual(form.twin_id, self.month)
            form.date_to = date(2026, 9, 30)
            self.assertFalse(form.twin_id)
        self.assertFalse(form.record.twin_id)
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            months.web_save({"company_id": self.company.id, "date_to": END}, {})

    def test_the_wizard_leads_to_the_checklist(self):
        wizard = (
            self.env["immex.period.close"]
            .with_user(self.manager)
            .create({"company_id": self.company.id, "date_to": END})
        )
        action = wizard.action_close()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("immex.month.end", self.month.id),
        )
        self.assertFalse(self.env["immex.period.seal"].search([("date_to", "=", END)]))

    def test_each_month_has_one_and_whole_months_only(self):
        with self.assertRaisesRegex(ValidationError, "last day"):
            self.month.create({"company_id": self.company.id, "date_to": "2026-10-15"})
        with self.assertRaises(UserError):
            self.month.date_to = "2026-09-30"
        again = self.month._of(self.company, END)
        self.assertEqual(again, self.month)

    def test_by_night(self):
        september = self.month.create(
            {"company_id": self.company.id, "date_to": "2026-09-30"}
        )
        self.month.unlink()
        september.user_id = self.manager
        months = self.env["immex.month.end"]
        self.patch(
            self.env.registry["immex.month.end"],
            "_month_before",
            lambda model, company: END,
        )
        with self.enter_registry_test_mode():
            for _night in range(2):
                self.env.ref("immex_reports.ir_cron_month_end").method_direct_trigger()
        made = months.search([("company_id", "=", self.company.id)])
        self.assertEqual(made.mapped("date_to"), [END, date(2026, 9, 30)])
        october = made[0]
        self.assertEqual(october.user_id, self.manager)
        self.assertEqual(october.activity_ids.user_id, self.manager)
        self.assertEqual(len(october.activity_ids), 1, "one, however many nights")
        self.assertTrue(all(made.mapped("checked_at")))

    def test_who_may_what(self):
        reader = new_test_user(
            self.env,
            "month_reader",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        theirs = self.month.with_user(reader)
        self.assertTrue(theirs.step_ids.mapped("name"))
        for method in ("action_check", "action_close"):
            with self.assertRaises(AccessError):
                getattr(theirs, method)()
        with self.assertRaises(AccessError):
            self._step("documents").with_user(reader).action_confirm()
        # the machine's figures and whose name stands there are nobody's to write
        step = self._step("waiting")
        with self.assertRaises(AccessError):
            step.state = "fine"
        with self.assertRaises(AccessError):
            self.month.open_at_close = ""
        other = self.env["res.company"].create({"name": "Otra"})
        stranger = new_test_user(
            self.env,
            "month_stranger",
            groups="immex_compliance.group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in (self.month, self.month.step_ids):
            theirs = model.with_user(stranger)
            theirs = theirs.with_context(allowed_company_ids=other.ids)
            self.assertFalse(theirs.search([]))

    def test_form(self):
        with Form(self.month) as form:
            form.reason = "Because"
        self.assertEqual(self.month.reason, "Because")

    def test_what_the_web_client_sends(self):
        """A new month with its empty steps, then a note within the form; no more."""
        month = self.month.browse()
        values = {
            "company_id": self.company.id,
            "date_to": "2026-11-30",
            "step_ids": [],
        }
        (saved,) = month.web_save(values, {"step_ids": {}})
        month = month.browse(saved["id"])
        self.assertEqual(len(month.step_ids), len(STEPS))
        step = month.step_ids[0]
        month.web_save({"step_ids": [(1, step.id, {"note": "Seen"})]}, {})
        self.assertEqual(step.note, "Seen")
        for command in ((1, step.id, {"state": "confirmed"}), (0, 0, {"code": "x"})):
            with self.assertRaises(AccessError):
                month.web_save({"step_ids": [command]}, {})
