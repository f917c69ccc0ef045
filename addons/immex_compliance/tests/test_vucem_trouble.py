# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import time
from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from . import efirma_make as make
from .common import RFC
from .test_cove import VucemCase
from .test_edocument import PDF
from .test_vucem_fetch import VucemFetchCase

# After these nobody knows whether VUCEM has the document.
UNCLEAR = (
    "silence",
    "reset",
    "truncated",
    "http500",
    "html",
    "binary",
    "wrong",
    "mistyped",
)


class TroubleCase(VucemCase):
    def _accepted(self, *documents):
        for document in documents:
            document.action_send()
        self._deliver()
        for document in documents:
            document.next_query = fields.Datetime.now()
            name = "edocument" if document._name == "immex.edocument" else "cove"
            self._run(f"ir_cron_{name}")
        self._deliver()
        for document in documents:
            self.assertEqual(document.state, "accepted", document.answer)

    def _paper(self, **values):
        return self.env["immex.edocument"].create(
            {"name": "Factura F-77", "pdf": base64.b64encode(PDF), **values}
        )

    def _addendum(self, cove):
        return self.env["immex.cove"].browse(cove.action_correct()["res_id"])

    def _list(self):
        invoices = self._invoice("out_invoice", [(self.terminal, 3, 10)])
        invoices += self._invoice("out_invoice", [(self.connector, 2, 4)])
        cove = self.env["immex.cove"].browse(invoices.action_immex_cove_new()["res_id"])
        cove.number = "REL-1"
        return cove


@tagged("post_install", "-at_install")
class TestVucemTrouble(TroubleCase):
    """Whatever VUCEM does: nothing is sent twice, nothing is lost, the reason is told.
    For a COVE, a list of invoices, an addendum and a digitised document."""

    def _kinds(self):
        accepted = self._draft()
        self._accepted(accepted)
        self.peer.requests.clear()
        return {
            "cove": self._draft,
            "list": self._list,
            "addendum": lambda: self._addendum(accepted),
            "edocument": self._paper,
        }

    def test_unclear_is_never_repeated(self):
        self.access.answer_seconds = 1
        self.peer.silence = 2
        for kind, make_one in self._kinds().items():
            with self.subTest(kind):
                self.peer.requests.clear()
                documents = [make_one() for _manner in UNCLEAR]
                for document in documents:
                    document.action_send()
                self.peer.misbehave = list(UNCLEAR)
                for _again in range(3):
                    self._deliver()
                for manner, document in zip(UNCLEAR, documents, strict=True):
                    told = f"{kind} {manner}"
                    self.assertEqual(document.state, "unclear", told)
                    self.assertTrue(document.answer, told)
                    self.assertEqual(len(document.activity_ids), 1, told)
                    self.assertEqual(document.exchange_id.state, "unclear", told)
                self.assertEqual(len(self.peer.requests), len(UNCLEAR))

    def test_refused_goes_back_to_draft(self):
        """A fault, or a login that is refused: nothing was registered."""
        for kind, make_one in self._kinds().items():
            with self.subTest(kind):
                document = make_one()
                document.action_send()
                self.peer.misbehave = ["fault"]
                self._deliver()
                self.assertEqual(document.state, "draft")
                self.assertIn("Servicio no disponible", document.answer)
                key = self.peer.keys[RFC]
                self.access.service_key = "another"
                document.action_send()
                self._deliver()
                self.assertEqual(document.state, "draft")
                self.assertIn("FailedAuthentication", document.answer)
                self.access.service_key = key
                received = len(self.peer.received)
                self._accepted(document)
                self.assertEqual(len(self.peer.received), received + 1)

    def test_thirty_seconds_of_silence(self):
        """The peer's own silence; how long it is borne is a setting."""
        self.assertEqual(self.peer.silence, 30)
        self.access.answer_seconds = 1
        self.peer.misbehave = ["silence"]
        cove = self._draft()
        cove.action_send()
        begun = time.monotonic()
        self._deliver()
        self.assertLess(time.monotonic() - begun, 10)
        self.assertEqual(cove.state, "unclear")
        self.assertIn("silent", cove.exchange_id.meaning)

    def _down(self, documents, hours):
        """The service is down for so long: the cron sends whenever something is due."""
        self.access.address = "http://127.0.0.1:9"
        exchanges = documents[0].exchange_id + documents[1].exchange_id
        passed = timedelta()
        while passed < timedelta(hours=hours):
            waiting = exchanges.filtered(lambda exchange: exchange.state == "waiting")
            if not waiting:
                break
            self._deliver()
            due = min(exchanges.mapped("next_try"))
            passed += max(due - fields.Datetime.now(), timedelta(seconds=30))
        self.access.address = self.peer.address
        return passed

    def test_down_for_a_day(self):
        documents = self._draft(), self._paper()
        for document in documents:
            document.action_send()
        self.assertGreaterEqual(self._down(documents, 24), timedelta(hours=24))
        for document in documents:
            self.assertEqual(document.state, "signed")
            self.assertEqual(document.exchange_id.state, "waiting")
            self.assertIn("cannot be reached", document.exchange_id.meaning)
        self._deliver()
        self.assertEqual([document.state for document in documents], ["sent"] * 2)
        self.assertEqual(len(self.peer.received), 2)

    def test_down_for_a_week(self):
        """It is given up after three days; the document is a draft again, and sent
        anew by whoever presses the button."""
        documents = self._draft(), self._paper()
        for document in documents:
            document.action_send()
        passed = self._down(documents, 7 * 24)
        self.assertGreater(passed, timedelta(hours=60))
        self.assertLess(passed, timedelta(hours=84))
        for document in documents:
            self.assertEqual(document.state, "draft")
            self.assertTrue(document.answer)
            self.assertEqual(document.exchange_id.state, "failed")
        self.assertFalse(self.peer.requests)
        self._accepted(*documents)
        self.assertEqual(len(self.peer.received), 2)

    def test_questions_are_asked_again(self):
        """Also after an answer that cannot be read, and what it says is shown."""
        for document in (self._draft(), self._paper()):
            document.action_send()
            self._deliver()
            for manner in ("fault", "wrong", "mistyped"):
                with self.subTest(kind=document._name, manner=manner):
                    self.peer.misbehave = [manner]
                    document.action_query()
                    self._deliver()
                    self.assertEqual(document.state, "sent")
                    self.assertTrue(document.next_query)
            # of these the question itself goes again
            troubles = ["binary", "html", "truncated", "http500", "reset"]
            self.peer.misbehave = list(troubles)
            document.action_query()
            for tries, _manner in enumerate(troubles, 1):
                self._deliver()
                self.assertEqual(document.state, "sent")
                exchange = document.exchange_id
                self.assertEqual((exchange.state, exchange.tries), ("waiting", tries))
            self._deliver()
            self.assertEqual(document.state, "accepted", document.answer)

    def test_an_answer_that_cannot_be_read_is_told(self):
        cove = self._draft()
        cove.action_send()
        self._deliver()
        self.peer.misbehave = ["mistyped"]
        cove.action_query()
        self._deliver()
        self.assertEqual((cove.state, cove.edocument), ("sent", False))
        self.assertIn("another form: mil", cove.answer)

    def test_expired_certificate_of_a_document(self):
        paper = self._paper()
        self.efirma.certificate = base64.b64encode(make.certificate(RFC, days=-1))
        self.efirma.passphrase_token = False
        with self.assertRaisesRegex(ValidationError, "expired on"):
            paper._sign("send", make.PASSPHRASE)
        self.assertEqual((paper.state, paper.exchange_id.id), ("draft", False))

    def test_wrong_passphrase_of_a_document(self):
        self.efirma.action_forget()
        paper = self._paper()
        action = paper.action_send()
        wizards = self.env["immex.efirma.signing"].with_context(**action["context"])
        with self.assertRaisesRegex(ValidationError, "passphrase does not open"):
            wizards.create({"passphrase": "wrong"})
        self.assertEqual((paper.state, paper.exchange_id.id), ("draft", False))


@tagged("post_install", "-at_install")
class TestVucemShipment(TroubleCase):
    """A shipment with several COVE, their addenda and its papers."""

    def test_a_shipment_with_several(self):
        picking = self._transfer(
            "incoming", [(self.terminal, 5)], partner_id=self.supplier.id
        )
        coves = [
            self.env["immex.cove"].browse(picking.action_immex_cove_new()["res_id"])
            for _part in range(2)
        ]
        for number, cove in enumerate(coves):
            cove.write({"number": f"F-{number}", "usd_factor": 1})
            cove.line_ids.write({"quantity": 2 + number, "total": 10})
        papers = [
            self._paper(name=f"Factura F-{number}", picking_id=picking.id)
            for number in range(2)
        ]
        self._accepted(*coves, *papers)
        numbers = ["COVE260000001", "COVE260000002"]
        self.assertEqual(picking.immex_cove_numbers, ", ".join(numbers))
        self.assertEqual(len({paper.edocument for paper in papers}), 2)
        # one of them is corrected, and the correction once more
        first = self._addendum(coves[0])
        first.line_ids.total = 11
        self._accepted(first)
        second = self._addendum(first)
        second.line_ids.total = 12
        self._accepted(second)
        self.assertEqual(coves[0].correction_ids, first)
        self.assertEqual(second.corrected_edocument, first.edocument)
        self.assertEqual(coves[0].state, "accepted")
        self.assertEqual(
            set(picking.immex_cove_ids.ids),
            {coves[0].id, coves[1].id, first.id, second.id},
        )
        # who looks for the COVE of the shipment finds all of them
        self.assertEqual(
            set(picking.action_immex_cove()["domain"][0][2]),
            set(picking.immex_cove_ids.ids),
        )

    def test_a_refused_addendum_leaves_its_cove(self):
        cove = self._draft()
        self._accepted(cove)
        addendum = self._addendum(cove)
        self.peer.refusals = ["El e-document no puede ser modificado"]
        addendum.action_send()
        self._deliver()
        self._ask(addendum)
        self.assertEqual((addendum.state, cove.state), ("rejected", "accepted"))
        self.assertIn("no puede ser modificado", addendum.answer)
        addendum.action_draft()
        self._accepted(addendum)


@tagged("post_install", "-at_install")
class TestFetchTrouble(VucemFetchCase):
    def test_faults_and_other_answers(self):
        for manner, state in (
            ("fault", "incomplete"),
            ("wrong", "incomplete"),
            ("mistyped", "incomplete"),
            ("binary", "asking"),
        ):
            with self.subTest(manner):
                self.peer.misbehave = [manner]
                fetch = self._fetch()
                if fetch.state == "incomplete":
                    fetch.action_resume()
                self._deliver(1)
                self.assertEqual(fetch.state, state, fetch.reason)
                self.assertTrue(fetch.reason or fetch.whole_id.reason)
                self.assertFalse(fetch.pedimento_id)
        self._deliver(6)
        self.assertEqual(fetch.state, "recorded", fetch.reason)

    def test_another_encoding(self):
        self.peer.misbehave = ["latin1"] * 5
        fetch = self._fetch()
        self._deliver()
        self.assertEqual(fetch.state, "recorded", fetch.reason)
