# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
import zipfile
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..models.scccyg_replay import immex_scccyg_replay, immex_scccyg_replay_file
from .scccyg_case import ScccygCase


@tagged("post_install", "-at_install")
class TestScccygReplay(ScccygCase):
    """The authority's view: theirs, ours, and why they differ, to the cent."""

    def _sent_on(self, day, **values):
        report = self._report(**values)
        report.action_compute()
        report.action_write()
        report.action_sent()
        report.sudo().sent_on = day
        return report

    def _replay(self, day="2026-12-31"):
        replay = self.env["immex.scccyg.replay"].create({"date": day})
        replay.action_replay()
        for line in replay.line_ids:
            self.assertEqual(line.unexplained, 0)
            self.assertAlmostEqual(
                sum(line.difference_ids.mapped("value")), line.difference, 2
            )
        return replay

    def _causes(self, replay):
        """``{(account, cause): value}``, to the cent."""
        found = {}
        for row in self.env["immex.scccyg.replay.difference"].search(
            [("replay_id", "=", replay.id)]
        ):
            key = (row.account, row.cause)
            found[key] = round(found.get(key, 0) + row.value, 2)
        return found

    def _credit(self, replay):
        return replay.line_ids.filtered(lambda line: line.account == "credit")

    def _charges(self, replay):
        return self.env["immex.scccyg.replay.charge"].search(
            [("replay_id", "=", replay.id)]
        )

    def test_what_nobody_reported(self):
        """Neither inventory nor report was sent: the authority has one charge of the
        two; the third import paid its VAT and is in no account."""
        self._history()
        replay = self._replay()
        line = self._credit(replay)
        self.assertEqual((line.charged, line.discharged, line.over), (100, 0, 0))
        self.assertEqual((line.our_charged, line.our_balance), (200, 0))
        self.assertEqual(
            self._causes(replay),
            {
                ("credit", "not_in_inventory"): -100,
                ("credit", "not_reported"): 200,
                ("none", "payment_form"): -57.14,
            },
        )
        left = self.env["immex.scccyg.replay.difference"].search(
            [("replay_id", "=", replay.id), ("cause", "=", "not_reported")]
        )
        self.assertEqual(set(left.exit_pedimento_id.mapped("key_id.code")), {"RT"})
        self.assertEqual(left[0].action_document()["res_model"], "immex.pedimento")

    def test_all_was_sent(self):
        """Theirs is ours, charge by charge, and each fortnight has its balance."""
        before = self._history()
        self._sent_on("2026-10-20", kind="initial", destination=False)
        october = self._sent_on("2026-11-10")
        self._sent_on("2026-12-05", number=11)
        replay = self._replay()
        self.assertEqual(self._causes(replay), {("none", "payment_form"): -57.14})
        charges = self._charges(replay).filtered(lambda row: row.account == "credit")
        self.assertEqual(charges.mapped("source"), ["initial", "books"])
        self.assertEqual(charges.mapped("remaining"), [0, 0])
        self.assertFalse(charges.filtered("cause"))
        first = charges.filtered(lambda row: row.pedimento_id == before)
        self.assertEqual(first.piece_ids.report_id, october)
        self.assertEqual(first.piece_ids.step, date(2026, 11, 15))
        # 18 months of the payment, which is what is presumed
        self.assertEqual(first.term_end, date(2028, 4, 1))
        steps = {
            str(step.step): (step.charged, step.discharged, round(step.remaining, 2))
            for step in replay.step_ids
        }
        self.assertEqual(
            steps,
            {
                "2026-10-15": (200, 0, 200),
                "2026-10-31": (0, 0, 200),
                "2026-11-15": (0, 114.29, 85.71),
                "2026-11-30": (0, 0, 85.71),
                "2026-12-15": (0, 85.71, 0),
                "2026-12-31": (0, 0, 0),
            },
        )

    def test_sent_and_not_applied_yet(self):
        self._history()
        self._sent_on("2026-10-20", kind="initial", destination=False)
        report = self._sent_on("2026-11-10")
        replay = self._replay("2026-11-14")
        self.assertEqual(
            self._causes(replay),
            {
                ("credit", "not_applied"): 114.29,
                ("credit", "not_reported"): 85.71,
                ("none", "payment_form"): -57.14,
            },
        )
        self.assertEqual(self._credit(replay).pending, 114.29)
        rows = self.env["immex.scccyg.replay.difference"].search(
            [("replay_id", "=", replay.id), ("cause", "=", "not_applied")]
        )
        self.assertEqual(rows.report_id, report)
        self.layout.applied_by = "period"
        self.assertEqual(self._credit(self._replay("2026-11-14")).discharged, 114.29)

    def _told(self, report, value):
        """The report told another value than the ledger."""
        report.goods_ids.sudo().value = value

    def test_a_correction_replaces_the_whole(self):
        """Reported too much; until its correction is applied it counts whole, and what
        it takes beyond the charges stays over-discharged."""
        self._history()
        self._sent_on("2026-10-20", kind="initial", destination=False)
        report = self._sent_on("2026-11-10")
        self._told(report, 250)
        report.folio = "F-1"
        report.action_valid()
        replay = self._replay("2026-11-20")
        line = self._credit(replay)
        self.assertEqual((line.discharged, line.over, line.balance), (200, 50, -50))
        self.assertEqual((replay.over, replay.over_count), (50, 1))
        self.assertEqual(
            self._causes(replay)["credit", "correction_due"], round(114.29 - 250, 2)
        )
        over = self.env["immex.scccyg.replay.discharge"].search(
            [("replay_id", "=", replay.id), ("over", ">", 0)]
        )
        self.assertEqual((over.report_id, over.reason), (report, "exhausted"))
        correction = self.env["immex.scccyg.report"].browse(
            report.action_correct()["res_id"]
        )
        replay = self._replay("2026-11-20")
        self.assertIn(("credit", "correction_pending"), self._causes(replay))
        correction.action_write()
        correction.action_sent()
        correction.sudo().sent_on = "2026-11-25"
        correction.action_valid()
        self.assertEqual(report.state, "replaced")
        replay = self._replay("2026-11-29")  # sent, and applied on the 30th
        self.assertIn(("credit", "correction_pending"), self._causes(replay))
        self.assertEqual(self._credit(replay).over, 50)
        replay = self._replay("2026-11-30")
        line = self._credit(replay)
        self.assertEqual((line.discharged, line.over), (114.29, 0))
        self.assertEqual(
            self._causes(replay),
            {("credit", "not_reported"): 85.71, ("none", "payment_form"): -57.14},
        )
        self.assertEqual(self._credit(self._replay("2026-11-20")).over, 50)

    def test_reported_and_not_in_our_ledger(self):
        """A tariff item that was never charged, and a class that was not."""
        self._history()
        report = self._sent_on("2026-11-10")
        goods = report.goods_ids
        self.env["immex.scccyg.goods"].sudo().create(
            [
                {"report_id": report.id, "fraccion": "99999999", "value": 7},
                {
                    "report_id": report.id,
                    "fraccion": goods.fraccion,
                    "fixed_asset": True,
                    "value": 5,
                },
            ]
        )
        replay = self._replay()
        rows = self.env["immex.scccyg.replay.difference"].search(
            [("replay_id", "=", replay.id), ("cause", "=", "not_in_ledger")]
        )
        self.assertEqual(sorted(rows.mapped("value")), [-7, -5])
        self.assertEqual(rows.report_id, report)
        over = self.env["immex.scccyg.replay.discharge"].search(
            [("replay_id", "=", replay.id), ("over", ">", 0)]
        )
        self.assertEqual(
            {(row.value, row.reason) for row in over if row.value in (5, 7)},
            {(7, "never_charged"), (5, "other_class")},
        )

    def test_order_of_peps(self):
        """Entered in the other order than they were paid: the tariff item agrees, the
        pedimentos do not; by the date of entry they do."""
        part = self._product("MAT", "material")
        late = self._import("2026-10-12", part, 5, 50)
        early = self._import("2026-10-10", part, 5, 50)
        late.entry_date = "2026-10-06"
        paper = self._pedimento("RT", "2", "2026-10-20", [(part, 5)])
        self._transfer("outgoing", "2026-10-20", [(part, 5)], paper)
        self._run()
        layers = self.env["immex.layer"].search([("pedimento_id", "=", late.id)])
        self.assertEqual(layers.qty_discharged, 5)
        self._sent_on("2026-11-10")
        replay = self._replay()
        self.assertEqual(self._causes(replay), {})
        charges = self._charges(replay)
        self.assertEqual(
            {row.pedimento_id: (row.difference, row.cause) for row in charges},
            {early: (-50, "peps_order"), late: (50, "peps_order")},
        )
        self.layout.charge_date = "entry"
        again = self._replay()
        self.assertEqual(set(self._charges(again).mapped("difference")), {0})
        self.assertEqual((replay.charge_date, again.charge_date), ("payment", "entry"))

    def test_term_that_ends_within_the_period_and_presumed_term(self):
        self._history()
        self.env["immex.layer"].search(
            [("company_id", "=", self.company.id)]
        ).sudo().write({"term_end": "2026-10-31"})
        self.layout.presumed_months = 1
        self._sent_on("2026-10-20", kind="initial", destination=False)
        self._sent_on("2026-11-10")
        replay = self._replay("2026-11-20")
        self.assertEqual(
            self._causes(replay),
            {
                ("credit", "expiring"): 114.29,
                ("credit", "not_reported"): 85.71,
                ("none", "payment_form"): -57.14,
            },
        )
        line = self._credit(replay)
        self.assertEqual((line.remaining, line.expired), (200, 200))
        self.assertEqual(
            [step.expired for step in replay.step_ids.sorted("step")], [0, 0, 200, 200]
        )

    def _datastage(self, pedimento, fraccion, value, form, key="IN"):
        return self._government(
            pedimento.document,
            fraccion,
            1,
            key,
            form,
            value=value,
            recorded=pedimento.id,
        )

    def test_charges_of_data_stage(self):
        """The government's record of an import comes before the books'."""
        part = self._product("MAT", "material")
        papers = [self._import(f"2026-10-{day}", part, 5, 50) for day in range(10, 16)]
        self._run()
        item = papers[0].partida_ids.fraccion
        self._datastage(papers[0], item, 50, "21")
        self._datastage(papers[1], item, 51, "21")
        self._datastage(papers[2], item, 50, "22")
        self._datastage(papers[3], item, 50, "21", key="AF")
        self._datastage(papers[4], "99999999", 50, "21")
        self._government("6999999", item, 1, "IN", value=9)
        replay = self._replay()
        charges = self._charges(replay)
        causes = {}
        for row in charges.filtered("cause"):
            number = row.pedimento_id.id or 0
            causes.setdefault(number, []).append((row.cause, row.difference))
        two = {paper.id: sorted(causes[paper.id]) for paper in papers[2:5]}
        self.assertEqual(causes[papers[1].id], [("value", 1)])
        self.assertEqual(
            two,
            {
                papers[2].id: [("payment_form", -50), ("payment_form", 50)],
                papers[3].id: [("fixed_asset", -50), ("fixed_asset", 50)],
                papers[4].id: [("tariff_item", -50), ("tariff_item", 50)],
            },
        )
        self.assertEqual(causes[0], [("unknown", 9)])
        self.assertNotIn(papers[0].id, causes)
        sources = charges.filtered(lambda row: row.pedimento_id == papers[5])
        self.assertEqual(sources.source, "books")
        unknown = self.env["immex.scccyg.replay.difference"].search(
            [("replay_id", "=", replay.id), ("cause", "=", "unknown")]
        )
        self.assertEqual(
            unknown.action_document()["res_model"], "immex.scccyg.replay.charge"
        )

    def test_screens(self):
        self._history()
        self._sent_on("2026-10-20", kind="initial", destination=False)
        self._sent_on("2026-11-10")
        with Form(self.env["immex.scccyg.replay"]) as form:
            form.date = "2026-11-30"
        replay = form.save()
        replay.action_replay()
        for name in ("lines", "charges", "over", "differences", "steps"):
            action = getattr(replay, f"action_{name}")()
            self.assertTrue(self.env[action["res_model"]].search(action["domain"]))
        line = self._credit(replay)
        self.assertEqual(
            line.action_charges()["res_model"], "immex.scccyg.replay.charge"
        )
        self.assertEqual(line.action_discharges()["view_mode"], "form")
        self.assertTrue(
            self.env["immex.scccyg.replay.piece"].search(line.action_pieces()["domain"])
        )
        stream = io.BytesIO()
        replay._write_xlsx(stream)
        with zipfile.ZipFile(stream) as book:
            sheet = book.read("xl/worksheets/sheet1.xml")
        self.assertIn(b"<v>14.29</v>", sheet)
        with self.assertRaises(UserError):
            replay.action_replay()  # it is kept

    def test_long_workbooks_in_the_background(self):
        """A request writes no long one: it asks for the work, once for everybody; then
        the file is there, of as many sheets as it needs."""
        self._history()
        replay = self._replay()
        self.assertTrue(replay.action_xlsx()["url"].endswith("/xlsx"))
        user, manager = (
            new_test_user(
                self.env,
                f"workbook_{name}",
                groups=f"immex_compliance.group_{name}",
                password=f"workbook_{name}",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            for name in ("user", "manager")
        )
        count = len(self._charges(replay))
        self.assertGreater(count, 1)
        told = []
        with (
            patch.object(immex_scccyg_replay_file, "XLSX_INLINE", count - 1),
            patch.object(immex_scccyg_replay_file, "FETCH", 1),
        ):
            action = replay.with_user(user).action_xlsx()
            self.assertEqual(action["res_model"], "immex.job")
            job = self.env["immex.job"].browse(action["res_id"])
            self.assertEqual((job.kind, job.user_id), ("scccyg_xlsx", user))
            again = replay.with_user(manager).action_xlsx()
            self.assertEqual(again["res_id"], job.id)
            job.with_user(user).action_cancel()
            self.assertEqual((job.state, replay.state), ("cancelled", "done"))
            job = job.browse(replay.with_user(user).action_xlsx()["res_id"])
            self.patch(
                type(job), "_listener", lambda job: lambda *row: told.append(row[:2])
            )
            job._run_now()
            self.assertEqual((job.state, job.error), ("done", False))
            self.assertEqual(told[:2], [(0, count), (1, count)])
            for reader in (user, manager):
                action = replay.with_user(reader).action_xlsx()
                self.assertEqual(action["type"], "ir.actions.act_url")
        file = replay._xlsx_file()
        with zipfile.ZipFile(io.BytesIO(file.raw)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml")
        self.assertEqual(sheet.count(b"<row "), count + 2)
        draft = self.env["immex.scccyg.replay"].create({"date": "2026-11-30"})
        with self.assertRaises(UserError):
            draft.action_xlsx()

    def test_large_ones_in_the_background(self):
        self._history()
        replay = self.env["immex.scccyg.replay"].create({"date": "2026-11-30"})
        with patch.object(immex_scccyg_replay, "INLINE", 0):
            action = replay.action_replay()
        job = self.env["immex.job"].browse(action["res_id"])
        self.assertEqual((replay.state, job.kind), ("waiting", "scccyg_replay"))
        job._run_now()
        self.assertEqual((job.state, replay.state), ("done", "done"))
        self.assertTrue(replay.line_ids)
        other = self.env["immex.scccyg.replay"].create({"date": "2026-11-30"})
        with patch.object(immex_scccyg_replay, "INLINE", 0):
            job = self.env["immex.job"].browse(other.action_replay()["res_id"])
        job.action_cancel()
        self.assertEqual(other.state, "failed")

    def test_roles_and_companies(self):
        self._history()
        replay = self._replay()
        users = {
            name: new_test_user(
                self.env,
                f"replay_{name}",
                groups=f"immex_compliance.group_{name}",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            for name in ("user", "manager")
        }
        reader = replay.with_user(users["user"])
        self.assertTrue(reader.line_ids.mapped("charged"))
        with self.assertRaises(AccessError):
            reader.create({"date": "2026-11-30"})
        with self.assertRaises(AccessError):
            replay.line_ids[:1].with_user(users["manager"]).write({"over": 0})
        made = self.env["immex.scccyg.replay"].with_user(users["manager"])
        made = made.create({"date": "2026-11-30", "company_id": self.company.id})
        made.date = "2026-12-01"
        made.action_replay()
        with self.assertRaises(UserError):
            made.date = "2026-12-31"
        self.assertEqual(made.user_id, users["manager"])
        for values in ({"state": "draft"}, {"over": 3}):
            with self.assertRaises(AccessError):
                made.write(values)
        made.unlink()
        company = self.env["res.company"].create({"name": "Otra"})
        self.env["immex.scccyg.layout"].create(
            {
                "company_id": company.id,
                "valid_from": "2026-01-01",
                "start_date": "2026-10-05",
            }
        )
        theirs = self.env["immex.scccyg.replay"]._of(company, date(2026, 11, 30))
        self.assertFalse(theirs.line_ids)  # nothing of the first company
        self.env.cr.execute("UPDATE immex_scccyg_replay SET create_date = '2026-01-01'")
        self.env.invalidate_all()
        self.env["immex.scccyg.replay"]._gc_scccyg_replays()
        self.assertEqual((theirs.exists(), replay.exists()), (theirs.browse(), replay))
        theirs = self.env["immex.scccyg.replay"]._of(company, date(2026, 11, 30))
        self.assertNotIn(theirs, reader.search([]))
        for model in ("line", "charge", "step", "difference"):
            rows = self.env[f"immex.scccyg.replay.{model}"]
            row = rows.create({"replay_id": theirs.id, "company_id": company.id})
            seen = rows.with_user(users["user"]).search([])
            self.assertTrue(seen)
            self.assertNotIn(row, seen)
