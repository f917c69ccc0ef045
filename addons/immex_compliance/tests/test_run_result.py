# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestRunResult(EngineCase):
    """The result page: what was discharged, what is short and why, what expires."""

    def setUp(self):
        super().setUp()
        self.part = self._product("MAT", "material")
        self.goods = self._product("PROD", "product")
        self.entry = self._pedimento("IN", "1", "2026-10-01", [(self.part, 100)])
        self._transfer("incoming", "2026-10-01", [(self.part, 100)], self.entry)
        self._order(self.goods, 10, "2026-10-05", [(self.part, 20)], MAT=(2, 4))
        self.out = self._pedimento("RT", "2", "2026-10-08", [(self.goods, 5)])
        self._transfer("outgoing", "2026-10-08", [(self.goods, 5)], self.out)
        self.user = new_test_user(
            self.env,
            "immex_result_user",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def _table(self, run, key):
        run.invalidate_recordset(["summary"])
        tables = {table["key"]: table for table in run.with_user(self.user).summary}
        return tables[key]

    def _cells(self, run, key):
        return [row["cells"] for row in self._table(run, key)["rows"]]

    def _exit(self, product, quantity, date):
        return self._pedimento("RT", "2", date, [(product, quantity)])

    def test_discharged_and_superseded(self):
        run = self._run()
        self.assertEqual(
            [row[:4] for row in self._cells(run, "discharged")],
            [
                ["Return abroad", "Incorporated", "1", "1"],
                ["Return abroad", "Merma", "1", "1"],
            ],
        )
        self.assertFalse(self._cells(run, "superseded"))
        # 7 incorporated and 1 of merma, at 36 MXN
        values = [row[4] for row in self._cells(run, "discharged")]
        self.assertEqual(values, ["252.00", "36.00"])
        self.out.state = "cancelled"
        later = self._run()
        self.assertFalse(self._cells(later, "discharged"))
        self.assertEqual(len(self._cells(later, "superseded")), 2)
        self.assertEqual(len(self._cells(run, "discharged")), 2, "for ever")
        row = self._table(run, "discharged")["rows"][0]
        action = run.with_user(self.user).action_summary(*row["open"])
        opened = self.env["immex.discharge"].browse(action["res_id"])
        self.assertEqual((opened.run_id, opened.kind), (run, "incorporated"))
        self.assertEqual(opened.superseded_user_id, later.user_id)
        self.assertEqual(opened.superseded_reason, "test")
        self.assertEqual(opened.superseded_at, later.started_at)

    def test_who_reads_is_told_why_in_his_language(self):
        """A scheduled run and its work are named when they are read."""
        self.env["res.lang"]._activate_lang("es_MX")
        self.env["immex.discharge.run"]._cron_sweep()
        job = self.env["immex.job"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "discharge")]
        )
        job._run_now()
        run = job.run_id
        self.assertFalse(run.reason)
        self.assertTrue(run.is_full)
        self.assertEqual(run.why, "Nightly: everything computed")
        self.assertIn(run.why, run.display_name)
        for lang, words in (("en_US", "Discharge of "), ("es_MX", "Descargo de ")):
            title = job.with_context(lang=lang).title
            self.assertEqual(title, words + self.company.name)
        # what a person wrote stays as it was written
        self.assertEqual(self._run().with_context(lang="es_MX").why, "test")

    def test_short_and_why(self):
        never = self._product("NEVER", "material")
        after = self._product("AFTER", "material")
        unmade = self._product("UNMADE", "product")
        self._pedimento("IN", "1", "2026-10-20", [(after, 50)])
        self._exit(self.part, 200, "2026-10-09")
        self._exit(never, 3, "2026-10-09")
        self._exit(after, 4, "2026-10-09")
        self._exit(unmade, 5, "2026-10-09")
        run = self._run()
        found = {
            row[0]: (row[1], row[2].split()[0]) for row in self._cells(run, "short")
        }
        self.assertEqual(
            found,
            {
                "MAT": ("All layers are used up", "108"),
                "NEVER": ("No import of this part", "3"),
                "AFTER": ("Imported after the exit's date", "4"),
                "UNMADE": ("No production tells what is in it", "5"),
            },
        )
        by_product = {row["cells"][0]: row for row in self._table(run, "short")["rows"]}
        action = run.action_summary(*by_product["NEVER"]["open"])
        requirement = self.env["immex.requirement"].browse(action["res_id"])
        self.assertEqual(requirement.product_id, never)
        everything = self.env["immex.requirement"].search(
            run.action_summary("short")["domain"]
        )
        self.assertEqual(len(everything), 4)
        # an import settles it
        self._pedimento("IN", "1", "2026-10-02", [(never, 3)])
        self.assertNotIn("NEVER", {row[0] for row in self._cells(self._run(), "short")})

    def test_imported_in_another_status(self):
        bought = self._product("BOUGHT", "material")
        self._transfer(
            "incoming",
            "2026-10-02",
            [(bought, 50)],
            immex_customs_status="domestic",
        )
        self._exit(bought, 5, "2026-10-09")
        run = self._run()
        why = {row[0]: row[1] for row in self._cells(run, "short")}
        self.assertEqual(why["BOUGHT"], "Imported in another customs status only")

    def test_reserved_for_a_notice(self):
        self._run()
        notice = self.env["immex.destruction"].create(
            {
                "company_id": self.company.id,
                "notice_folio": "N-1",
                "notice_date": "2026-10-08",
                "line_ids": [
                    (0, 0, {"product_id": self.part.id, "quantity": 30}),
                ],
            }
        )
        notice.line_ids.is_waste = False
        notice.action_reserve()
        self._exit(self.part, 80, "2026-10-09")
        run = self._run()
        why = {row[0]: row[1] for row in self._cells(run, "short")}
        self.assertEqual(why["MAT"], "Reserved for documents that are filed")
        notice.action_cancel()
        self.assertFalse(self._cells(self._run(), "short"))

    def test_a_change_of_regime_finds_only_expired_layers(self):
        self._pedimento("F4", "1", "2029-01-10", [(self.part, 3)])
        run = self._run()
        why = {row[0]: row[1] for row in self._cells(run, "short")}
        self.assertEqual(why, {"MAT": "Only expired layers are left"})

    def test_what_expires(self):
        run = self._run()
        layer = self._layer(self.entry)
        today = fields.Date.context_today(run.with_user(self.user))
        self.assertEqual(self.company.immex_expiring_days, 60)
        for days, shown in ((0, True), (60, True), (61, False), (-1, False)):
            with self.subTest(days=days):
                # the engine's own columns: as if the import were older
                end = today + timedelta(days=days)
                layer.sudo().write({"term_end": end, "term_safe_date": end})
                rows = self._cells(run, "expiring")
                self.assertEqual(bool(rows), shown)
                if shown:
                    self.assertEqual(rows[0][2], "MAT")
                    self.assertEqual(rows[0][4], str(days))
                soon = self.env["immex.layer"].search(
                    [("company_id", "=", self.company.id), ("expires_soon", "=", True)]
                )
                self.assertEqual(bool(soon), shown or days < 0)
                note = self._table(run, "expiring")["note"]
                self.assertEqual(bool(note), days < 0)
        self.assertEqual(layer.term_state, "expired")
        self.assertEqual(run.action_summary("expired")["res_id"], layer.id)
        end = today + timedelta(days=61)
        layer.sudo().write({"term_end": end, "term_safe_date": end})
        self.company.immex_expiring_days = 61
        self.assertTrue(self._cells(run, "expiring"))
        layer.invalidate_recordset(["term_state"])
        self.assertEqual(layer.term_state, "expiring")
        self.assertEqual(run.action_summary("expiring")["res_id"], layer.id)

    def test_the_alert_is_a_number_of_days(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.company.immex_expiring_days = -1
            self.env.flush_all()

    def test_findings(self):
        self._exit(self.part, 500, "2026-10-09")
        run = self._run()
        rows = {row[1]: row for row in self._cells(run, "findings")}
        self.assertEqual(
            rows["Requirement without layer"],
            ["Critical", "Requirement without layer", "1", "1", "1"],
        )
        self.assertIn("Exit document without delivery", rows)
        finding = self._findings("shortage")
        finding._assign(self.env.user)
        rows = {row[1]: row for row in self._cells(run, "findings")}
        self.assertEqual(rows["Requirement without layer"][3], "0")
        opened = run.action_summary("findings", "shortage", "1_critical")
        self.assertEqual(opened["res_id"], finding.id)

    def test_pages_of_another_company_stay_closed(self):
        run = self._run()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "immex_result_stranger",
            groups="immex_compliance.group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        theirs = run.with_user(stranger).with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            theirs.action_summary("discharged")
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            theirs.read(["summary"])

    def test_the_page_costs_the_same_for_many_rows(self):
        def queries(run):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.assertTrue(run.with_user(self.user).summary)
            return self.env.cr.sql_log_count - start

        one = self._product("FEW", "material")
        self._exit(one, 1, "2026-10-09")
        few = queries(self._run())
        for number in range(12):
            part = self._product(f"MANY-{number}", "material")
            self._exit(part, 1, "2026-10-09")
        run = self._run()
        self.assertEqual(len(self._cells(run, "short")), 13)
        self.assertLessEqual(queries(run), few + 2)
