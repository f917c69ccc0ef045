# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from unittest.mock import patch

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .test_cove import VucemCase
from .test_vucem_fetch import VucemFetchCase

EXCHANGE = "odoo.addons.immex_compliance.models.vucem.immex_exchange"


@tagged("post_install", "-at_install")
class TestReplay(VucemFetchCase):
    """A question asked again: who may, and what it leaves."""

    def setUp(self):
        super().setUp()
        self.fetch = self._fetch()
        self._deliver()
        self.exchange = self.fetch.whole_id
        self.manager = self._user("manager", self.company)

    def _user(self, role, company):
        return new_test_user(
            self.env,
            f"replay_{role}_{company.id}",
            groups=f"immex_compliance.group_{role}",
            company_id=company.id,
            company_ids=company.ids,
        )

    def _replays(self):
        return self.env["immex.exchange"].search([("origin_id", "!=", False)])

    def test_both_name_each_other(self):
        asked = len(self._asked("ConsultarPedimentoCompletoService"))
        action = self.exchange.with_user(self.manager).action_replay()
        replay = self.env["immex.exchange"].browse(action["res_id"])
        self.assertEqual(replay.origin_id, self.exchange)
        self.assertEqual(self.exchange.replay_ids, replay)
        self.assertEqual((replay.user_id, replay.create_uid), (self.manager,) * 2)
        self.assertEqual(self.exchange.user_id, self.env.user)
        self.assertEqual(replay.request, self.exchange.request)
        # nothing of the old one but the question
        self.assertEqual((replay.state, replay.tries), ("waiting", 0))
        for name in ("answer", "reason", "sent_on", "seconds", "outcome"):
            with self.subTest(name):
                self.assertTrue(self.exchange[name] or name == "reason")
                self.assertFalse(replay[name])
        kept = self.exchange.read(["answer", "sent_on", "state", "tries"])
        self._deliver()
        self.assertEqual((replay.state, replay.outcome), ("done", "answered"))
        self.assertEqual(
            len(self._asked("ConsultarPedimentoCompletoService")), asked + 1
        )
        self.assertEqual(
            self.exchange.read(["answer", "sent_on", "state", "tries"]), kept
        )
        # one that repeats a repetition names that one
        again = replay.with_user(self.manager).action_replay()
        self.assertEqual(
            self.env["immex.exchange"].browse(again["res_id"]).origin_id, replay
        )

    def test_several_at_once(self):
        both = self.fetch.partida_ids.exchange_id
        action = both.with_user(self.manager).action_replay()
        replays = self.env["immex.exchange"].search(action["domain"])
        self.assertEqual(replays.origin_id, both)

    def test_shown_on_the_form(self):
        self.exchange.with_user(self.manager).action_replay()
        exchanges = self.env["immex.exchange"].with_user(self.manager)
        with Form(exchanges.browse(self.exchange.id)) as form:
            self.assertEqual(
                [row["user_id"] for row in form.replay_ids._records], [self.manager.id]
            )
        with Form(exchanges.browse(self._replays().id)) as form:
            self.assertEqual(form.origin_id, self.exchange)
        self.assertIn(str(self.exchange.id), self.exchange.display_name)

    def test_rights(self):
        other = self.env["res.company"].create({"name": "Otra SA de CV"})
        for user in (
            self._user("user", self.company),
            self._user("manager", other),
            self._user("administrator", other),
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.exchange.with_user(user).with_context(
                    allowed_company_ids=user.company_ids.ids
                ).action_replay()
        self.assertFalse(self._replays())

    def test_only_questions_that_ended(self):
        own = self.exchange.with_user(self.manager)
        for values in (
            {"repeatable": False},
            {"state": "waiting"},
            {"state": "sending"},
        ):
            with self.subTest(values), self.env.cr.savepoint() as undo:
                self.exchange.sudo().write(values)
                with self.assertRaisesRegex(UserError, "answered or refused"):
                    own.action_replay()
                undo.rollback()
                self.exchange.invalidate_recordset()
        self.assertFalse(self._replays())


@tagged("post_install", "-at_install")
class TestExchange(VucemCase):
    """What a queue must bear: its own transactions, and answers of any kind."""

    def test_a_conflict_is_no_loss(self):
        """Somebody changes the document while its answer is made of: what came is kept
        and concluded by the next run."""
        cove = self._draft()
        cove.action_send()
        real, conflicts = type(cove)._exchange_done, [True]

        def busy(record, exchange, answer):
            if conflicts:
                conflicts.pop()
                raise SerializationFailure("could not serialize access")
            return real(record, exchange, answer)

        with patch.object(type(cove), "_exchange_done", busy):
            self._deliver()
            exchange = cove.exchange_id
            self.assertEqual(
                (exchange.state, exchange.outcome), ("sending", "answered")
            )
            self.assertEqual(cove.state, "signed")
            self._deliver()
        self.assertEqual((cove.state, exchange.state), ("sent", "done"))
        self.assertEqual(len(self.peer.requests), 1)

    def test_one_that_cannot_be_concluded_keeps_nobody_waiting(self):
        broken, other = self._draft(), self._draft()
        broken.action_send()
        other.action_send()
        real = type(broken)._exchange_failed

        def failing(record, exchange, reason):
            if record == broken:
                raise ValueError("a fault of ours")
            return real(record, exchange, reason)

        self.peer.misbehave = ["fault", "good"]
        with (
            patch.object(type(broken), "_exchange_failed", failing),
            mute_logger(EXCHANGE),
        ):
            for _round in range(2):
                self._deliver()
        self.assertEqual((other.state, broken.state), ("sent", "signed"))
        self.assertEqual(len(self.peer.requests), 2)
        self._deliver()
        self.assertEqual(broken.state, "draft")
        self.assertIn("Servicio no disponible", broken.answer)

    def test_one_that_nobody_can_send_keeps_nobody_waiting(self):
        """An error before it leaves: later again, and the one behind it is sent."""
        broken, other = self._draft(), self._draft()
        broken.action_send()
        other.action_send()
        access, fails = type(self.access), [True]
        real = access._login

        def login(model, company):
            if fails:
                fails.pop()
                raise ValueError("a fault of ours")
            return real(model, company)

        with patch.object(access, "_login", login), mute_logger(EXCHANGE):
            self._deliver()
        states = {cove.exchange_id.state: cove for cove in broken + other}
        self.assertEqual(set(states), {"waiting", "done"})
        stopped = states["waiting"].exchange_id
        self.assertEqual(stopped.tries, 1)
        self.assertIn("a fault of ours", stopped.reason)
        self._deliver()
        self.assertEqual((broken.state, other.state), ("sent", "sent"))
        self.assertEqual(len(self.peer.requests), 2)

    def test_a_question_that_fails_stops_no_other(self):
        coves = self._draft() + self._draft()
        for cove in coves:
            cove.action_send()
        self._deliver()
        coves.next_query = fields.Datetime.now()
        real, failed = type(coves)._ask_due, []

        def ask(cove):
            if not failed:
                failed.append(cove)
                raise ValueError("a fault of ours")
            real(cove)

        self.patch(type(coves), "_ask_due", ask)
        with mute_logger("odoo.addons.immex_compliance.models.schedule.ir_cron"):
            self._run("ir_cron_cove")
        self.assertEqual(sorted(coves.mapped("queries")), [1, 2])

    def test_on_its_way_once(self):
        """The database refuses a second sending of a document, whoever asks for it."""
        cove = self._draft()
        cove.action_send()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            cove._send(None)
            self.env.flush_all()

    def test_answers_in_another_encoding_stay_readable(self):
        self.peer.misbehave = ["latin1"]
        cove = self._draft()
        cove.action_send()
        self._deliver()
        self.assertEqual(cove.state, "sent")
        self.assertIn("Se recibió correctamente", cove.exchange_id.answer)

    def test_bytes_that_are_no_text(self):
        self.peer.misbehave = ["binary"]
        cove = self._draft()
        cove.action_send()
        self._deliver()
        self.assertEqual((cove.state, cove.exchange_id.outcome), ("unclear",) * 2)
        self.assertTrue(cove.exchange_id.answer)

    def test_every_exchange_is_kept(self):
        """Also those that fail: request, answer, time and user, without a secret."""
        manners = ("fault", "good", "http500", "mistyped", "good")
        self.peer.misbehave = list(manners)
        for _manner in manners:
            self._draft().action_send()
        self._deliver()
        exchanges = self.env["immex.exchange"].search([], order="id")
        self.assertEqual(
            exchanges.mapped("state"), ["failed", "done", "unclear", "unclear", "done"]
        )
        self.assertEqual(
            exchanges.mapped("outcome"),
            ["refused", "answered", "unclear", "answered", "answered"],
        )
        for exchange, (_path, _action, sent) in zip(
            exchanges, self.peer.requests, strict=True
        ):
            self.assertTrue(exchange.sent_on and exchange.seconds and exchange.answer)
            self.assertEqual(exchange.user_id, self.env.user)
            self.assertIn("solicitarRecibirCoveServicio", exchange.request)
            key = self.peer.keys[self.access.rfc]
            self.assertIn(key, sent.decode())
            self.assertNotIn(key, exchange.request + exchange.answer)
