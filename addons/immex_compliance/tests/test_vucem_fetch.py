# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
import sys
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..formats.vucem import answers
from ..models.pedimento.source_file import INLINE_PARAMETER
from ..models.vucem_fetch import immex_vucem_day, immex_vucem_fetch
from ..services import vucem
from .common import RFC, ImmexCase, m3_file, m3_partida
from .cove_case import server_key

SUPPORT = Path(__file__).resolve().parents[3] / "tests" / "support"
SERVICE_KEY = "b" * 32 + "Clave-De-Servicios-Web-1234567-ok"
NUMBER = ("240", "3456", "6000777")
PAID = date(2026, 10, 5)
WHOLE = "ConsultarPedimentoCompletoService"
PARTIDA = "ConsultarPartidaService"
LIST = "ListarPedimentosService"


def peer_module():
    """The test peer lies beside the add-ons, with what tests the whole."""
    if str(SUPPORT) not in sys.path:
        sys.path.append(str(SUPPORT))
    import vucem_peer  # noqa: PLC0415

    return vucem_peer


class VucemFetchCase(ImmexCase):
    """A company that asks the test peer over HTTP."""

    def setUp(self):
        super().setUp()
        self.startPatcher(server_key())
        self.startPatcher(patch.object(vucem, "TIMEOUT", (2, 1)))
        module = peer_module()
        self.sample = module.Sample(NUMBER, RFC, PAID, partidas=2)
        self.services = module.PedimentoServices([self.sample])
        self.peer = self.enterContext(
            module.VucemPeer({RFC: SERVICE_KEY}, self.services)
        )
        self.access = self.env["immex.vucem.access"].create(
            {
                "company_id": self.company.id,
                "rfc": RFC,
                "service_key": SERVICE_KEY,
                "address": self.peer.address,
            }
        )
        self.office = self.env["immex.customs.office"].search(
            [("code", "=", "240")], limit=1
        )

    def _fetch(self):
        ask = self.env["immex.vucem.ask"].create(
            {"number": "26 24 3456 6000777", "office_id": self.office.id}
        )
        return self.env["immex.vucem.fetch"].browse(ask.action_fetch()["res_id"])

    def _run(self, name):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"immex_compliance.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _deliver(self, rounds=4):
        """The cron that sends, until nothing is asked any more."""
        for _round in range(rounds):
            waiting = self.env["immex.exchange"].search([("state", "=", "waiting")])
            if not waiting:
                break
            waiting.write({"next_try": fields.Datetime.now()})
            self._run("ir_cron_exchange")

    def _asked(self, service):
        return [values for name, values in self.services.asked if name == service]


@tagged("post_install", "-at_install")
class TestVucemFetch(VucemFetchCase):
    """From a number to a pedimento in the books, and what can go wrong on the way."""

    def test_recorded(self):
        fetch = self._fetch()
        self.assertEqual(fetch.state, "asking")
        self.assertFalse(self.services.asked)
        self._deliver()
        self.assertEqual(fetch.state, "recorded", fetch.reason)
        pedimento = fetch.pedimento_id
        self.assertEqual(pedimento.number15, "262434566000777")
        self.assertEqual(pedimento.origin, "vucem")
        self.assertEqual(pedimento.payment_date, PAID)
        partidas = pedimento.partida_ids
        self.assertEqual(partidas.mapped("sequence"), [1, 2])
        self.assertEqual(set(partidas.mapped("fraccion")), {"85389099"})
        self.assertEqual(fetch.file_id.kind, "vucem")
        self.assertIn(b"consultarPartidaRespuesta", fetch.file_id.attachment_id.raw)
        self.assertEqual(fetch.customs_state_date, PAID)
        self.assertIn("CUMPLIDO", fetch.customs_state)
        self.assertIn("COVE26ABC1234", fetch.remesas)
        [asked] = self._asked(WHOLE)
        self.assertEqual(asked["aduana"], "240")

    def test_kept_exchanges_bear_no_key(self):
        fetch = self._fetch()
        self._deliver()
        exchanges = self.env["immex.exchange"].search(
            fetch.action_open_exchanges()["domain"]
        )
        self.assertEqual(len(exchanges), 5)
        self.assertEqual(set(exchanges.mapped("state")), {"done"})
        kept = "".join(exchanges.mapped("request") + exchanges.mapped("answer"))
        self.assertNotIn(SERVICE_KEY, kept)

    def test_answers_go_when_it_is_set(self):
        """What was recorded is in its file; what is incomplete needs its answers."""
        done = self._fetch()
        self._deliver()
        self.services.broken[(PARTIDA, 2)] = "Servicio no disponible"
        incomplete = self.env["immex.vucem.fetch"]._start(
            self.company, "240", "3456", "6000777"
        )
        self._deliver()
        self.assertEqual((done.state, incomplete.state), ("recorded", "incomplete"))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE immex_exchange SET create_date = now() - interval '7 months'"
        )
        exchanges = self.env["immex.exchange"].search([("answer", "!=", False)])
        exchanges._gc_answers()
        self.assertEqual(set(exchanges.mapped(lambda e: bool(e.answer))), {True})
        self.env["ir.config_parameter"].set_param(
            "immex_compliance.vucem_answer_months", "6"
        )
        exchanges._gc_answers()
        kept = exchanges.filtered("answer")
        self.assertEqual(set(kept.mapped("res_id")), {incomplete.id})
        self.assertEqual(len(kept), 3)  # the whole one, a partida, and the refusal
        self.assertTrue(done.file_id.attachment_id.raw)

    def test_asked_twice_is_one(self):
        first = self._fetch()
        self.assertEqual(self._fetch(), first)
        self._deliver()
        self.assertEqual(len(self._asked(WHOLE)), 1)

    def test_a_missing_partida_is_resumed(self):
        self.services.broken[(PARTIDA, 2)] = "Servicio no disponible"
        fetch = self._fetch()
        self._deliver()
        self.assertEqual(fetch.state, "incomplete")
        self.assertEqual(fetch.reason, "Servicio no disponible")
        self.assertEqual(fetch.missing_count, 1)
        self.assertFalse(fetch.pedimento_id)
        self.services.asked.clear()
        fetch.action_resume()
        self._deliver()
        self.assertEqual(fetch.state, "recorded", fetch.reason)
        self.assertEqual(
            [values["numeroPartida"] for values in self._asked(PARTIDA)], ["2"]
        )
        self.assertFalse(self._asked(WHOLE))

    def test_the_missing_partida_is_replayed(self):
        """The exchange that failed, asked again by its own button, completes it."""
        self.services.broken[(PARTIDA, 1)] = "Servicio no disponible"
        fetch = self._fetch()
        self._deliver()
        self.assertEqual(fetch.state, "incomplete")
        missing = fetch.partida_ids.filtered(lambda partida: not partida.answered)
        self.assertEqual(missing.number, 1)
        missing.exchange_id.action_replay()
        self._deliver()
        self.assertEqual(fetch.state, "recorded", fetch.reason)

    def test_an_answer_for_another_partida(self):
        self.services.broken[(PARTIDA, 2)] = "Servicio no disponible"
        fetch = self._fetch()
        self._deliver()
        first, second = fetch.partida_ids
        other = answers.parse_answer(first.exchange_id.answer.encode())
        fetch.state = "asking"
        fetch._exchange_done(second.exchange_id, other)
        self.assertEqual((fetch.state, second.answered), ("incomplete", False))
        self.assertIn("partida 1", fetch.reason)

    def test_many_partidas_are_asked_in_turns(self):
        self.sample.partidas = 5
        with patch.object(immex_vucem_fetch, "WINDOW", 2):
            fetch = self._fetch()
            self._deliver(2)
            self.assertEqual(fetch.missing_count, 3)
            self._deliver(6)
        self.assertEqual(fetch.state, "recorded", fetch.reason)
        self.assertEqual(len(fetch.pedimento_id.partida_ids), 5)
        self.assertEqual(len(self._asked(PARTIDA)), 5)

    def test_a_large_one_is_loaded_in_the_background(self):
        self.env["ir.config_parameter"].set_param(INLINE_PARAMETER, "0")
        fetch = self._fetch()
        self._deliver()
        self.assertEqual(fetch.state, "loading", fetch.reason)
        fetch.file_id.job_id.sudo()._run_now()
        self.assertEqual(fetch.state, "recorded", fetch.reason)
        self.assertEqual(fetch.pedimento_id.number15, "262434566000777")

    def test_what_is_wrong_is_not_recorded(self):
        self.services.broken[(PARTIDA, 2)] = "wrong"
        fetch = self._fetch()
        self._deliver()
        self.assertEqual(fetch.state, "refused")
        self.assertIn("cantidad_umc", fetch.reason)
        self.assertFalse(fetch.pedimento_id)
        # its answers are among the refused files, with what is wrong with them
        kept = self.env["immex.pedimento.file"].search([("kind", "=", "vucem")])
        self.assertEqual((kept.state, fetch.file_id.ids), ("refused", []))
        self.assertIn("cantidad_umc", kept.issue_ids.mapped("field_name"))
        self.assertIn(b"consultarPartidaRespuesta", kept.attachment_id.raw)
        self.assertFalse(
            self.env["immex.pedimento"].search([("document", "=", NUMBER[2])])
        )

    def test_refused_in_the_background_goes_after_a_month(self):
        self.env["ir.config_parameter"].set_param(INLINE_PARAMETER, "0")
        self.services.broken[(PARTIDA, 2)] = "wrong"
        fetch = self._fetch()
        self._deliver()
        kept = fetch.file_id
        kept.job_id.sudo()._run_now()
        self.assertEqual((kept.state, fetch.state), ("refused", "refused"))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE immex_pedimento_file SET write_date = now() - interval '31 d'"
            " WHERE id = %s",
            (kept.id,),
        )
        self.env.invalidate_all()
        self.env["immex.pedimento.file"]._gc_refused()
        self.assertFalse(kept.exists() or fetch.file_id)

    def test_what_customs_accepted_is_told(self):
        """Invoices that do not sum to the partidas are a warning: customs took them."""
        invoice = {"numero": "COVE26ABC1234", "valorDolares": "777.00"}
        self.sample.changes = {"facturas": invoice}
        fetch = self._fetch()
        self._deliver()
        self.assertEqual(fetch.state, "recorded", fetch.reason)
        issues = fetch.file_id.issue_ids
        self.assertEqual(
            issues.filtered(lambda issue: issue.code == "invoice_sum").severity,
            "warning",
        )

    def test_unknown_to_vucem(self):
        self.services.samples.clear()
        fetch = self._fetch()
        self._deliver()
        self.assertEqual(fetch.state, "nothing")
        self.assertIn("No hay información", fetch.reason)

    def _unpaid(self):
        """The sample before its payment."""
        party = self.services._whole(self.sample)["importadorExportador"]
        entry, _payment = party["fechas"]
        return {"importadorExportador": party | {"fechas": entry}}

    def test_unpaid_is_asked_for_until_it_is_paid(self):
        self.sample.changes = self._unpaid()
        fetch = self._fetch()
        self._deliver()
        self.assertEqual(fetch.state, "unpaid")
        self.assertIn("no payment", fetch.reason)
        self.assertFalse(self._asked(PARTIDA))
        self.assertFalse(
            self.env["immex.pedimento"].search([("document", "=", NUMBER[2])])
        )

        def next_day(age):
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE immex_vucem_fetch SET write_date = write_date - interval"
                " '21 hours', create_date = now() - %s * interval '1 day'"
                " WHERE id = %s",
                (age, fetch.id),
            )
            self.env.invalidate_all()
            self._run("ir_cron_vucem_day")
            self._deliver()

        self._run("ir_cron_vucem_day")
        self._deliver()
        self.assertEqual(len(self._asked(WHOLE)), 1)  # not at once
        next_day(1)
        self.assertEqual(len(self._asked(WHOLE)), 2)
        self.assertEqual(fetch.state, "unpaid")
        next_day(61)
        self.assertEqual(len(self._asked(WHOLE)), 2)  # not for ever
        self.sample.changes = {}
        next_day(59)
        self.assertEqual(fetch.state, "recorded", fetch.reason)
        self.assertFalse(fetch.reason)
        self.assertEqual(fetch.pedimento_id.payment_date, PAID)

    def test_unpaid_is_one_fetch(self):
        """Asked for again by a person, by its number or by the button."""
        self.sample.changes = self._unpaid()
        fetch = self._fetch()
        self._deliver()
        self.assertEqual(self._fetch(), fetch)
        self._deliver()
        self.assertEqual(fetch.state, "unpaid")
        self.sample.changes = {}
        fetch.action_resume()
        self._deliver()
        self.assertEqual(fetch.state, "recorded", fetch.reason)

    def test_trouble_passes(self):
        for manner in ("silence", "reset", "truncated", "http500", "html"):
            with self.subTest(manner=manner):
                self.peer.silence = 2
                self.peer.misbehave = [manner]
                fetch = self._fetch()
                self._deliver(1)
                self.assertEqual(fetch.state, "asking")
                self.assertEqual(fetch.whole_id.state, "waiting")
                self.assertTrue(fetch.whole_id.reason)
        self._deliver(6)
        self.assertEqual(fetch.state, "recorded", fetch.reason)

    def test_a_wrong_key_is_told(self):
        self.access.sudo().service_key = "another"
        fetch = self._fetch()
        self._deliver(1)
        self.assertEqual(fetch.state, "incomplete")
        self.assertIn("FailedAuthentication", fetch.reason)
        self.assertIn("make a new key", fetch.meaning)
        fetch.reason = "otra cosa"
        self.assertFalse(fetch.meaning)

    def test_no_access(self):
        self.access.unlink()
        with self.assertRaisesRegex(UserError, "no access to VUCEM"):
            self._fetch()

    def test_number_and_section_agree(self):
        ask = self.env["immex.vucem.ask"].create(
            {"number": "26 43 3456 6000777", "office_id": self.office.id}
        )
        with self.assertRaisesRegex(UserError, "is of office 43"):
            ask.action_fetch()
        ask.number = "6000777"
        with self.assertRaisesRegex(UserError, "15 digits"):
            ask.action_fetch()

    def test_recorded_from_the_broker_stays(self):
        data = m3_file(([m3_partida()], {"document": NUMBER[2], "paid": PAID}))
        self.env["immex.pedimento.file"]._load_m3(
            self.company, io.BytesIO(data), "m3456001.275"
        )
        fetch = self._fetch()
        self._deliver()
        self.assertEqual(fetch.state, "known", fetch.reason)
        pedimento = self.env["immex.pedimento"].search([("document", "=", NUMBER[2])])
        self.assertEqual(pedimento.origin, "m3")

    def test_roles(self):
        fetch = self._fetch()
        reader = new_test_user(
            self.env,
            "vucem_reader",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        self.assertEqual(fetch.with_user(reader).document, NUMBER[2])
        with self.assertRaises(AccessError):
            fetch.with_user(reader).action_resume()
        with self.assertRaises(AccessError):
            self.env["immex.vucem.ask"].with_user(reader).create(
                {"number": "1", "office_id": self.office.id}
            )
        other = self.env["res.company"].create({"name": "Otra SA de CV"})
        stranger = new_test_user(
            self.env,
            "vucem_stranger",
            groups="immex_compliance.group_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        theirs = self.env["immex.vucem.fetch"].with_user(stranger)
        theirs = theirs.with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.search([("id", "=", fetch.id)]))
        with self.assertRaises(AccessError):
            theirs.browse(fetch.id).action_resume()


@tagged("post_install", "-at_install")
class TestVucemDay(VucemFetchCase):
    """The days of an office, one by one, by the scheduled action."""

    def _days(self):
        return self.env["immex.vucem.day"].search(
            [("company_id", "=", self.company.id)], order="date"
        )

    def _configure(self, days):
        self.access.write(
            {
                "fetch_since": fields.Date.today() - timedelta(days=days),
                "office_ids": self.office.ids,
            }
        )

    def test_nothing_without_an_access(self):
        self._run("ir_cron_vucem_day")
        self.assertFalse(self._days())
        self.access.office_ids = self.office
        self._run("ir_cron_vucem_day")
        self.assertFalse(self._days())

    def test_day_by_day(self):
        self.sample.paid = fields.Date.today() - timedelta(days=3)
        self._configure(5)
        self._run("ir_cron_vucem_day")
        days = self._days()
        self.assertGreaterEqual(len(days), 4)  # the day in Mexico may be the one before
        self.assertEqual(set(days.mapped("state")), {"asking"})
        self._deliver(6)
        self.assertEqual(set(days.mapped("state")), {"listed"})
        for asked in self._asked(LIST):
            self.assertEqual(asked["fechaInicio"], asked["fechaFin"])
            self.assertEqual((asked["aduana"], asked["rfc"]), ("240", RFC))
        [fetch] = days.fetch_ids
        self.assertEqual(fetch.day_id.date, self.sample.paid)
        self.assertEqual(fetch.state, "recorded", fetch.reason)
        # what was listed is not asked for again
        self.services.asked.clear()
        self._run("ir_cron_vucem_day")
        self._deliver()
        self.assertFalse(self.services.asked)

    def test_a_day_that_cannot_be_asked_for_stops_no_other(self):
        self._configure(3)
        real, failed = immex_vucem_day.ImmexVucemDay._ask, []

        def ask(day):
            if not failed:
                failed.append(day.id)
                raise ValueError("a broken company")
            real(day)

        self.patch(self.env.registry["immex.vucem.day"], "_ask", ask)
        with mute_logger("odoo.addons.immex_compliance.models.schedule.ir_cron"):
            self._run("ir_cron_vucem_day")
        states = {day.id: day.state for day in self._days()}
        self.assertEqual(states.pop(failed[0]), "waiting")
        self.assertEqual(set(states.values()), {"asking"})

    def test_a_refused_login_is_not_tried_for_each_day(self):
        self._configure(5)
        cron = self.env.ref("immex_compliance.ir_cron_vucem_day")
        triggers = self.env["ir.cron.trigger"]
        self.access.service_key = "another"
        with patch.object(immex_vucem_day, "DAYS", 2):
            self._run("ir_cron_vucem_day")
            triggers.search([("cron_id", "=", cron.id)]).unlink()
            self._deliver(1)
        self.assertEqual(self._days().mapped("state").count("failed"), 2)
        self.assertFalse(triggers.search([("cron_id", "=", cron.id)]))

    def test_what_was_refused_is_not_fetched_each_day(self):
        """A day is listed again; what was fetched and refused waits for a person."""
        today = fields.Date.today()
        self.sample.paid = today + timedelta(days=1)
        self._configure(12)
        self._run("ir_cron_vucem_day")
        self._deliver(6)
        days = self._days()
        self.assertEqual(set(days.mapped("state")), {"listed"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE immex_vucem_day SET write_date = write_date - interval '1 day'"
        )
        days.invalidate_recordset()
        self.sample.paid = today - timedelta(days=3)
        self.services.broken[(PARTIDA, 2)] = "wrong"  # it will be refused
        self.services.asked.clear()
        self._run("ir_cron_vucem_day")
        self._deliver(6)
        [fetch] = days.fetch_ids
        self.assertEqual(fetch.state, "refused")
        # by itself it is not fetched each day; by the button it is
        day = fetch.day_id
        self.assertEqual(len(self._asked(WHOLE)), 1)
        day.with_user(SUPERUSER_ID)._ask()
        self._deliver()
        self.assertEqual(len(self._asked(WHOLE)), 1)
        manager = new_test_user(
            self.env,
            "vucem_day_manager",
            groups="immex_compliance.group_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        day.with_user(manager).action_ask()
        self._deliver()
        self.assertEqual(len(self._asked(WHOLE)), 2)

    def test_offices_that_are_not_asked(self):
        self.assertFalse(self.access.other_offices)
        self._pedimento("6000901", office="43", office_section="430")
        self._pedimento("6000902")
        self.access.write({"fetch_since": "2026-10-01", "office_ids": self.office.ids})
        self.assertEqual(self.access.other_offices, "430")
        self.access.fetch_since = "2026-10-03"
        self.assertFalse(self.access.other_offices)

    def test_what_appears_later_is_found(self):
        """A day is listed again for a week, and no longer."""
        self._configure(12)
        self._run("ir_cron_vucem_day")
        self._deliver(6)
        self.assertEqual(set(self._days().mapped("state")), {"listed"})
        self.sample.paid = fields.Date.today() - timedelta(days=4)
        self.services.asked.clear()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE immex_vucem_day SET write_date = write_date - interval '21 hours'"
        )
        self.env.invalidate_all()
        self._run("ir_cron_vucem_day")
        self._deliver(8)
        asked = {values["fechaInicio"] for values in self._asked(LIST)}
        self.assertIn(str(self.sample.paid), {day[:10] for day in asked})
        self.assertLessEqual(len(asked), 8)
        [fetch] = self._days().fetch_ids
        self.assertEqual(fetch.state, "recorded", fetch.reason)

    def test_a_long_past_needs_no_nights(self):
        """When the first days are listed the next ones are asked for."""
        self._configure(5)
        cron = self.env.ref("immex_compliance.ir_cron_vucem_day")
        triggers = self.env["ir.cron.trigger"]
        with patch.object(immex_vucem_day, "DAYS", 2):
            self._run("ir_cron_vucem_day")
            triggers.search([("cron_id", "=", cron.id)]).unlink()
            self._deliver(6)
            self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))
        self._run("ir_cron_vucem_day")
        triggers.search([("cron_id", "=", cron.id)]).unlink()
        self._deliver(6)
        self.assertEqual(set(self._days().mapped("state")), {"listed"})
        self.assertFalse(triggers.search([("cron_id", "=", cron.id)]))

    def test_recorded_ones_are_not_fetched(self):
        self.sample.paid = fields.Date.today() - timedelta(days=2)
        fetch = self._fetch()
        self._deliver()
        self.assertEqual(fetch.state, "recorded", fetch.reason)
        self.services.asked.clear()
        self._configure(3)
        self._run("ir_cron_vucem_day")
        self._deliver(6)
        self.assertEqual(sum(self._days().mapped("pedimento_count")), 1)
        self.assertFalse(self._asked(WHOLE))

    def test_a_month_at_a_time_and_never_without_the_rfc(self):
        self._configure(40)
        self._run("ir_cron_vucem_day")
        states = self._days().mapped("state")
        self.assertEqual(states[:31], ["asking"] * 31)
        self.assertEqual(set(states[31:]), {"waiting"})
        self.access.unlink()
        self._days()[-1]._ask()
        self.assertEqual(self._days()[-1].state, "failed")
        self.assertEqual(
            self.env["immex.exchange"].search_count([("service", "=", LIST)]), 31
        )

    def test_a_failed_day_is_asked_again(self):
        self._configure(2)
        self.services.broken[(LIST, None)] = "Error interno"
        self._run("ir_cron_vucem_day")
        self._deliver(1)
        failed = self._days().filtered(lambda day: day.state == "failed")
        self.assertEqual(failed.mapped("reason"), ["Error interno"])
        self._run("ir_cron_vucem_day")
        self.assertEqual(failed.state, "failed")  # not at once
        failed.action_ask()
        self._deliver()
        self.assertEqual(failed.state, "listed")
