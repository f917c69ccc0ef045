# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import hashlib

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..formats.digitization import MAX_PDF
from .test_cove import VucemCase

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@tagged("post_install", "-at_install")
class TestEdocument(VucemCase):
    """A PDF becomes an e-document."""

    def _document(self, pdf=PDF, name="Factura F-77", **values):
        return self.env["immex.edocument"].create(
            {"name": name, "pdf": base64.b64encode(pdf), **values}
        )

    def _query(self, record):
        record.next_query = "2026-01-01"
        self._run("ir_cron_edocument")
        self._deliver()

    def test_registered(self):
        self.peer.patience = 1
        document = self._document(query_rfc="oaq030623ul8")
        document.action_send()
        self._deliver()
        self.assertEqual(document.state, "sent")
        self._query(document)
        self.assertEqual((document.state, document.edocument), ("sent", False))
        self._query(document)
        self.assertEqual(
            (document.state, document.edocument), ("accepted", "0172260000001")
        )
        digest = hashlib.sha1(PDF, usedforsecurity=False).hexdigest()
        self.assertEqual(document.sha1, digest)
        self.assertEqual(
            document.original_string,
            "|ADN150203AB1|customs@arneses.example|170|Factura F-77|OAQ030623UL8|"
            f"{digest}|",
        )

    def test_the_largest_pdf(self):
        """Longer as base64 than what an XML parser takes by default is no matter."""
        pdf = PDF[:-6] + b"0" * (MAX_PDF - len(PDF)) + b"%%EOF\n"
        document = self._document(pdf)
        document.action_send()
        self._deliver()
        self._query(document)
        self.assertEqual(document.state, "accepted")
        for bad, message in ((pdf + b"0", "3,072 KB"), (b"GIF89a", "no whole PDF")):
            with self.assertRaisesRegex(ValidationError, message):
                self._document(bad)
        with self.assertRaisesRegex(ValidationError, "does not fit"):
            self._document(name="ñ|../x")

    def test_rejected(self):
        self.peer.refusals = [
            "El archivo no cumple con las especificaciones de digitalización."
        ]
        document = self._document()
        document.action_send()
        self._deliver()
        self._query(document)
        self.assertEqual(document.state, "rejected")
        self.assertIn("no cumple", document.answer)
        document.action_draft()
        document.action_send()
        self._deliver()
        self._query(document)
        self.assertEqual(document.state, "accepted")

    def test_refused_at_once(self):
        """A receipt with an error registers nothing."""
        self.access.rfc = "AAA010101AAA"
        self.peer.keys["AAA010101AAA"] = self.peer.keys["ADN150203AB1"]
        document = self._document()
        document.action_send()
        self._deliver()
        self.assertEqual(
            (document.state, document.operation_number), ("rejected", False)
        )
        self.assertIn("cadena original", document.answer)

    def test_never_sent_twice(self):
        for manner in ("reset", "truncated", "wrong", "http500"):
            with self.subTest(manner):
                self.peer.requests.clear()
                self.peer.misbehave = [manner]
                document = self._document(name=manner)
                document.action_send()
                self._deliver()
                self._deliver()
                self.assertEqual(document.state, "unclear")
                self.assertEqual(len(self.peer.requests), 1)

    def test_what_is_missing(self):
        document = self._document(query_rfc="X")
        with self.assertRaisesRegex(UserError, "no RFC"):
            document.action_send()
        document.write({"query_rfc": False, "email": "x"})
        with self.assertRaisesRegex(UserError, "e-mail"):
            document.action_send()
        document.pdf = False
        with self.assertRaisesRegex(UserError, "Choose the PDF"):
            document.action_send()
