# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import ReportCase

CRON = "odoo.addons.immex_compliance.models.schedule.ir_cron"


class ExpiryCase(ReportCase):
    """Imports of October 2026, looked at on a day that the test chooses."""

    def setUp(self):
        super().setUp()
        self._month()
        self.ana = self._user("expiry_ana", "manager")
        self.luis = self._user("expiry_luis", "user")
        self.company.immex_responsible_ids = self.ana
        self.end = min(
            self.env["immex.layer"]
            .search([("company_id", "=", self.company.id)])
            .filtered("term_end")
            .mapped("term_end")
        )
        self.day = self.end.replace(day=1)
        self.patch(self.env.registry["immex.home"], "_today", lambda _home: self.day)

    def _user(self, login, role, **values):
        return new_test_user(
            self.env,
            login,
            groups=f"immex_compliance.group_{role}",
            email=f"{login}@example.com",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
            **values,
        )

    def _trigger(self, name):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"immex_reports.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _said(self, name):
        return (
            self.env["immex.schedule.log"]
            .search(
                [("cron_id", "=", self.env.ref(f"immex_reports.{name}").id)]
                + [("company_id", "=", self.company.id)]
            )
            .mapped("words")
        )


@tagged("post_install", "-at_install")
class TestExpiry(ExpiryCase):
    def _scan(self):
        self._trigger("ir_cron_expiry")
        return self.env["immex.expiry.month"].search(
            [("company_id", "=", self.company.id)]
        )

    def test_one_row_and_one_activity_a_month(self):
        extra = self._pedimento("IN", "1", "2026-10-06", [(self.material, 5)])
        self._transfer("incoming", "2026-10-06", [(self.material, 5)], extra)
        self._run()
        months = self._scan()
        month = months[0]
        layers = self.env["immex.layer"].search(month.action_layers()["domain"])
        self.assertGreater(len(layers), 1)
        self.assertEqual(month.layer_count, len(layers))
        self.assertEqual((month.month, month.stage), (self.day, "soon"))
        self.assertEqual(month.activity_ids.user_id, self.ana)
        self.assertEqual(len(month.activity_ids), 1)
        self.assertEqual(month.activity_ids.date_deadline, month.first_date)
        self.assertIn(str(len(layers)), month.activity_ids.summary)
        # the layers' value in proportion to what is left
        value = sum(
            layer.customs_value * layer.qty_balance / layer.quantity for layer in layers
        )
        self.assertAlmostEqual(month.customs_value, value, places=1)
        self._scan()
        self.assertEqual(len(month.activity_ids), 1)
        self.assertIn("new activities: 1", " ".join(self._said("ir_cron_expiry")))

    def test_what_is_at_stake(self):
        paper = self.env["immex.layer"].search(
            [("company_id", "=", self.company.id), ("pedimento_id", "!=", False)],
            limit=1,
            order="peps_date",
        )
        before = self._scan()[0].stake
        self.env["immex.pedimento.contribution"].create(
            {
                "company_id": self.company.id,
                "pedimento_id": paper.pedimento_id.id,
                "partida_id": paper.partida_id.id,
                "kind": "amount",
                "code": "6",
                "payment_form": "5",
                "amount": 1000,
            }
        )
        month = self._scan()[0]
        expected = 1000 * paper.qty_balance / paper.quantity
        self.assertAlmostEqual(month.igi, expected, places=1)
        self.assertAlmostEqual(month.stake - before, month.igi, places=2)

    def test_what_no_pedimento_declares_is_unknown(self):
        layers = self.env["immex.layer"].search(
            [("company_id", "=", self.company.id), ("partida_id", "!=", False)]
        )
        declared = layers.partida_id.contribution_ids
        declared.filtered(lambda line: line.kind == "amount").unlink()
        month = self._scan()[0]
        self.assertEqual(month.unknown_count, month.layer_count)
        for name in ("stake", "igi", "iva", "countervailing", "other"):
            self.assertIs(month[name], False, name)
        self.assertIn("unknown", month.activity_ids.summary)
        self.assertNotIn("MXN", month.activity_ids.summary)
        # paid on entry is declared: nothing falls due, and that is known
        partidas = self.env["immex.layer"].search(month.action_layers()["domain"])
        self.env["immex.pedimento.contribution"].create(
            [
                {
                    "company_id": self.company.id,
                    "pedimento_id": partida.pedimento_id.id,
                    "partida_id": partida.id,
                    "kind": "amount",
                    "code": "6",
                    "payment_form": "0",
                    "amount": 1000,
                }
                for partida in partidas.partida_id
            ]
        )
        month = self._scan()[0]
        self.assertFalse(month.unknown_count)
        self.assertEqual((month.stake, month.igi), (0, 0))
        self.assertIsNot(month.stake, False)
        self.assertIn("MXN 0.00", month.activity_ids.summary)

    def test_an_open_activity_follows_the_figures(self):
        month = self._scan()[0]
        activity = month.activity_ids
        before = activity.summary
        extra = self._pedimento("IN", "1", "2026-10-06", [(self.material, 5)])
        self._transfer("incoming", "2026-10-06", [(self.material, 5)], extra)
        self._run()
        self._scan()
        self.assertEqual(month.activity_ids, activity)
        self.assertNotEqual(activity.summary, before)

    def test_done_is_done_until_it_has_expired(self):
        month = self._scan()[0]
        month.activity_ids.action_feedback()
        self._scan()
        self.assertFalse(month.activity_ids)
        self.day = date(self.end.year + 1, 1, 1)
        self._scan()
        self.assertEqual(month.stage, "expired")
        self.assertEqual(len(month.activity_ids), 1)

    def test_what_has_left_is_settled(self):
        month = self.env["immex.expiry.month"].create(
            {
                "company_id": self.company.id,
                "month": "2026-01-01",
                "first_date": "2026-01-31",
                "stage": "soon",
                "layer_count": 3,
                "stake": 10,
            }
        )
        month._tell(self.ana)
        self.assertTrue(month.activity_ids)
        self.assertNotIn(month, self._scan())
        self.assertFalse(month.active)
        self.assertFalse(month.activity_ids)
        self.assertFalse(month.stake)
        self.assertFalse(month.layer_count)

    def test_later_months_have_no_activity(self):
        self.company.immex_expiring_days = 0
        month = self._scan()[0]
        self.assertEqual(month.stage, "later")
        self.assertFalse(month.activity_ids)
        self.company.immex_expiring_days = 60
        self._scan()
        self.assertEqual(month.stage, "soon")
        self.assertEqual(len(month.activity_ids), 1)

    def test_nobody_is_responsible(self):
        self.company.immex_responsible_ids = False
        self.assertFalse(self._scan().activity_ids)
        self.assertIn("Nobody is responsible", " ".join(self._said("ir_cron_expiry")))
        # nor is who no longer works with the books
        self.company.immex_responsible_ids = self.luis
        self.luis.group_ids -= self.env.ref("immex_compliance.group_user")
        self.assertFalse(self._scan().activity_ids)

    def test_settings(self):
        with Form(self.env["res.config.settings"]) as form:
            form.immex_responsible_ids.add(self.luis)
        form.record.execute()
        self.assertIn(self.luis, self.company.immex_responsible_ids)


@tagged("post_install", "-at_install")
class TestDigest(ExpiryCase):
    def setUp(self):
        super().setUp()
        self.day = date(2026, 11, 20)
        self.finding = self.env["immex.finding"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.finding._assign(self.luis)

    def _weekly(self):
        before = self.env["mail.mail"].search([])
        self._trigger("ir_cron_digest")
        return self.env["mail.mail"].search([]) - before

    def _mine(self, mails, user):
        return mails.filtered(lambda mail: user.partner_id in mail.recipient_ids)

    def test_each_responsible_once_a_week(self):
        mails = self._weekly()
        self.assertEqual(len(self._mine(mails, self.ana)), 1)
        mine = self._mine(mails, self.luis)
        self.assertEqual(len(mine), 1)
        self.assertIn(self.company.name, mine.subject)
        body = mine.body_html
        for text in (
            "Open findings",
            "Within 30 days",
            "Within 90 days",
            "Last discharge",
            "Government records that agree",
            "Documents that wait",
            "Delivery without customs document",
        ):
            self.assertIn(text, body)
        self.assertFalse(self._weekly(), "once a week")
        self.assertIn(self.luis.name, " ".join(self._said("ir_cron_digest")))
        week = self.env["immex.digest"].search([("user_id", "=", self.luis.id)]).week
        self.assertEqual(week.weekday(), 0)
        self.patch(
            self.env.registry["immex.digest"], "_week", lambda _m, _c: date(2030, 1, 7)
        )
        self.assertEqual(len(self._mine(self._weekly(), self.luis)), 1)

    def test_amounts_of_what_expires(self):
        self.day = self.end.replace(day=1)
        digest = self.env["immex.digest"].create(
            {
                "company_id": self.company.id,
                "user_id": self.ana.id,
                "week": "2026-11-16",
            }
        )
        cards = {
            card["title"]: card
            for section in digest._content()["sections"]
            for card in section["cards"]
        }
        self.assertTrue(cards["Within 30 days"]["count"])
        # the plant's imports declare no contribution
        self.assertIn("At stake: unknown", cards["Within 30 days"]["details"][0])

    def test_switched_off(self):
        self.luis.with_user(self.luis).immex_weekly_mail = False
        mails = self._weekly()
        self.assertFalse(self._mine(mails, self.luis))
        self.assertTrue(self._mine(mails, self.ana))

    def test_who_has_left_gets_none(self):
        other = self.env["res.company"].create({"name": "Otra"})
        self.luis.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.ana.group_ids -= self.env.ref("immex_compliance.group_manager")
        self.ana.group_ids -= self.env.ref("immex_compliance.group_user")
        mails = self._weekly()
        self.assertFalse(self._mine(mails, self.luis) + self._mine(mails, self.ana))

    def test_a_crash_sends_nothing_twice(self):
        digests = self.env.registry["immex.digest"]
        send = digests._send
        seen = []

        def breaks(digest):
            seen.append(digest.user_id)
            if len(seen) == 2:
                raise ValueError("no mail server")
            return send(digest)

        with patch.object(digests, "_send", breaks), mute_logger(CRON):
            mails = self._weekly()
        self.assertEqual(len(seen), 2)
        self.assertIn("no mail server", " ".join(self._said("ir_cron_digest")))
        self.assertEqual(len(mails), 1)
        # the first was committed; the second is tried again on the next day
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("immex_reports.ir_cron_digest").id)]
            + [("call_at", ">", fields.Datetime.now() + timedelta(hours=12))]
        )
        self.assertTrue(triggers)
        mails += self._weekly()
        for user in (self.ana, self.luis):
            self.assertEqual(len(self._mine(mails, user)), 1)

    def test_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("es_MX")
        self.luis.lang = "es_MX"
        template = self.env.ref("immex_reports.mail_template_digest")
        template.with_context(lang="es_MX").subject = "Control aduanero"
        mails = self._weekly()
        self.assertEqual(self._mine(mails, self.luis).subject, "Control aduanero")
        self.assertIn("the week", self._mine(mails, self.ana).subject)

    def test_preferences(self):
        form = Form(self.luis.with_user(self.luis), "base.view_users_form_simple_modif")
        self.assertTrue(form.immex_weekly_mail)
