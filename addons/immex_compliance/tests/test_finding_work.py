# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..models.inventory.finding_steps import ABOUT, NEXT_STEPS
from ..models.inventory.immex_finding import FINDING_CODES
from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestFindingWork(EngineCase):
    """Findings as work: owner, state, who and when, what to do, where to begin."""

    def setUp(self):
        super().setUp()
        self.part = self._product("MAT", "material")
        self.entry = self._pedimento("IN", "1", "2026-10-01", [(self.part, 100)])
        self.receipt = self._transfer(
            "incoming", "2026-10-01", [(self.part, 100)], self.entry
        )
        self.out = self._pedimento("RT", "2", "2026-10-08", [(self.part, 130)])
        self._run()
        self.short = self._findings("shortage")
        self.undelivered = self._findings("exit_without_delivery")
        self.people = {
            group: self._user(group, f"immex_work_{group}")
            for group in ("user", "manager")
        }

    def _user(self, group, login, **values):
        return new_test_user(
            self.env,
            login,
            groups=f"immex_compliance.group_{group}",
            **{
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
                **values,
            },
        )

    def _as(self, group, finding):
        return finding.with_user(self.people[group]).with_company(self.company)

    # people ----------------------------------------------------------------------
    def test_every_code_says_what_to_do(self):
        codes = {code for code, _label in FINDING_CODES}
        self.assertEqual(set(NEXT_STEPS), codes)
        self.assertFalse(set(ABOUT) - codes)
        self.assertIn("import that is missing", self.short.next_step)

    def test_assigned_and_by_whom(self):
        mine = self._as("manager", self.short)
        mine.action_assign_me()
        manager = self.people["manager"]
        self.assertEqual(
            (mine.user_id, mine.state, mine.state_user_id),
            (manager, "progress", manager),
        )
        self.assertTrue(mine.state_date)
        mine.user_id = False
        self.assertEqual(mine.state, "open")

    def test_a_reader_only_reads(self):
        theirs = self._as("user", self.short)
        self.assertTrue(theirs.message and theirs.next_step)
        for act in (
            theirs.action_assign_me,
            theirs.action_explain,
            theirs.action_reopen,
            lambda: theirs.write({"user_id": self.people["user"].id}),
            lambda: theirs.write({"note": "x"}),
        ):
            with self.assertRaises(AccessError):
                act()
        self.assertTrue(theirs.action_open_record()["res_id"])

    def test_many_at_once_and_the_owner_is_told(self):
        both = self._as("manager", self.short + self.undelivered)
        other = self.people["user"]
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        both.write({"user_id": other.id})
        self.assertEqual(both.user_id, other)
        self.assertEqual(set(both.mapped("state")), {"progress"})
        told = self.env["mail.message"].search(
            [("id", ">", before), ("partner_ids", "in", other.partner_id.ids)]
        )
        self.assertEqual(len(told), 1, "one message for all of them")
        self.assertIn("2 findings", told.body)

    def test_several_are_given_until_a_day(self):
        both = self._as("manager", self.short + self.undelivered)
        other = self.people["user"]
        action = both.action_assign()
        wizard = self.env[action["res_model"]].with_user(self.people["manager"])
        given = wizard.with_context(**action["context"]).create(
            {"user_id": other.id, "due_date": "2026-10-20", "remind": True}
        )
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        given.action_assign()
        self.assertEqual(both.user_id, other)
        self.assertEqual(set(map(str, both.mapped("due_date"))), {"2026-10-20"})
        self.assertEqual(both.activity_ids.user_id, other)
        self.assertEqual(len(both.activity_ids), 2)
        told = self.env["mail.message"].search(
            [
                ("id", ">", before),
                ("partner_ids", "in", other.partner_id.ids),
                ("subject", "=", "Customs findings for you"),
            ]
        )
        self.assertEqual(len(told), 1, "one message for all of them")
        findings = self.env["immex.finding"]
        # the filters of the list, as the client asks them
        tree = etree.fromstring(findings.get_view(view_type="search")["arch"])
        today = fields.Date.context_today(findings)
        for name, due in (
            ("overdue", today - timedelta(days=1)),
            ("due_soon", today + timedelta(days=7)),
            ("no_due", False),
        ):
            both.write({"due_date": due})
            for asked in ("overdue", "due_soon", "no_due"):
                domain = tree.xpath(f"//filter[@name='{asked}']/@domain")[0]
                found = findings.search(safe_eval(domain)) & both
                self.assertEqual(bool(found), name == asked, asked)
        both.write({"due_date": "2026-10-20"})
        # what a run settles asks nobody any more; the other one stays
        self._pedimento("IN", "1", "2026-10-02", [(self.part, 30)])
        self._run()
        self.assertEqual(self.short.state, "resolved")
        self.assertFalse(self.short.activity_ids)
        self.assertTrue(self.undelivered.activity_ids)
        self.assertEqual(str(self.undelivered.due_date), "2026-10-20")

    def test_a_reader_cannot_give_away(self):
        with self.assertRaises(AccessError):
            self._as("user", self.short).action_assign()
        with self.assertRaises(AccessError):
            self._as("user", self.short).write({"due_date": "2026-10-20"})
        with self.assertRaises(AccessError):
            self.env["immex.finding.assign"].with_user(self.people["user"]).create(
                {"finding_ids": self.short.ids, "user_id": self.env.uid}
            )

    def test_the_chatter_keeps_who_did_what(self):
        mine = self._as("manager", self.short).with_context(tracking_disable=False)
        mine.due_date = "2026-10-20"
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertIn(
            "due_date",
            mine.message_ids.sudo().tracking_value_ids.field_id.mapped("name"),
        )
        mine.message_post(body="Asked the broker")
        self.assertIn("Asked the broker", mine.message_ids[0].body)

    def test_the_document(self):
        self.assertEqual(self.short.document, " ".join(self.out.number.split()))

    def test_the_owner_works_with_these_books(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._user(
            "manager",
            "immex_work_stranger",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        nobody = new_test_user(
            self.env,
            "immex_work_nobody",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        for user in (stranger, nobody):
            with self.assertRaises(UserError):
                self._as("manager", self.short).user_id = user

    def test_an_explanation_is_needed(self):
        mine = self._as("manager", self.short)
        with self.assertRaises(UserError):
            mine.action_explain()
        mine.note = "The rest comes with pedimento 6000999"
        mine.action_explain()
        self.assertEqual(mine.state, "explained")
        self.assertEqual(mine.state_user_id, self.people["manager"])
        mine.action_reopen()
        self.assertEqual(mine.state, "open")

    # the engine ------------------------------------------------------------------
    def test_a_run_keeps_owner_note_and_state(self):
        mine = self._as("manager", self.short)
        mine.action_assign_me()
        mine.note = "Asked the broker"
        since = mine.state_date
        run = self._run()
        self.assertEqual(
            (mine.user_id, mine.note, mine.state, mine.state_date),
            (self.people["manager"], "Asked the broker", "progress", since),
        )
        self.assertEqual(run.findings_open, 2, "work in progress is open")
        # other quantities: the work goes on
        self.out.partida_ids.goods_ids.quantity = 150
        self._run()
        self.assertEqual((mine.quantity, mine.state), (50, "progress"))
        self.assertEqual(mine.note, "Asked the broker")

    def test_resolved_by_a_run_and_back_to_its_owner(self):
        mine = self._as("manager", self.short)
        mine.action_assign_me()
        late = self._pedimento("IN", "1", "2026-10-02", [(self.part, 30)])
        self._run()
        self.assertEqual(mine.state, "resolved")
        self.assertEqual(mine.state_user_id, self.env.user)
        late.state = "cancelled"
        self._run()
        self.assertEqual(
            (mine.state, mine.user_id), ("progress", self.people["manager"])
        )

    def test_an_explanation_falls_with_its_facts(self):
        mine = self._as("manager", self.short)
        mine.note = "Known"
        mine.action_explain()
        self._run()
        self.assertEqual(mine.state, "explained")
        self.out.partida_ids.goods_ids.quantity = 150
        self._run()
        self.assertEqual((mine.state, mine.note), ("open", "Known"))

    # where the work begins -------------------------------------------------------
    def test_the_record_that_it_is_about(self):
        opened = self.short.action_open_record()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]),
            ("immex.exit.line", self.short.exit_line_id.id),
        )
        opened = self.undelivered.action_open_record()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), ("immex.pedimento", self.out.id)
        )

    def test_who_may_not_read_transfers_gets_the_movement(self):
        picking = self._transfer("incoming", "2026-10-03", [(self.part, 7)])
        self._run()
        finding = self._findings("receipt_without_pedimento")
        opened = self._as("manager", finding).action_open_record()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), ("stock.picking", picking.id)
        )
        self.env["ir.model.access"].search(
            [("model_id.model", "=", "stock.picking")]
        ).perm_read = False
        opened = self._as("user", finding).action_open_record()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]),
            ("immex.movement", finding.movement_id.id),
        )
