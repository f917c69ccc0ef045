# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import hashlib
import io
import zipfile

from lxml import etree

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.immex_compliance.tests import efirma_make, test_cove, test_vucem_fetch

BODY = "{http://schemas.xmlsoap.org/soap/envelope/}Body"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def canonical(element):
    return etree.tostring(element, method="c14n", exclusive=True)


class SourcesCase:
    """Opens the zip of records whose sources came from the test peer."""

    def _sources(self, records):
        """``(trace file, {name: bytes})``, each checked by the manifest."""
        files = self.env["immex.trace.file"]
        file = files.browse(files.action_ask(records._name, records.ids)["res_id"])
        file.sudo().job_id._run_now()
        self.assertEqual((file.state, file.job_error), ("done", False))
        with zipfile.ZipFile(io.BytesIO(file.attachment_id.raw)) as archive:
            found = {name: archive.read(name) for name in archive.namelist()}
        manifest = found.pop("manifest.sha256").decode().splitlines()
        self.assertEqual(
            {name: digest for digest, name in (line.split("  ") for line in manifest)},
            {name: hashlib.sha256(data).hexdigest() for name, data in found.items()},
        )
        return file, found

    def _one(self, found, folder, end):
        """The bytes of the one file of a folder whose name ends so."""
        names = [
            name
            for name in found
            if name.startswith(f"{folder}/") and name.endswith(end)
        ]
        self.assertEqual(len(names), 1, (end, sorted(found)))
        return found[names[0]]

    def _check_answers(self, found, folder, exchanges):
        """Each answer of VUCEM is there as it came."""
        self.assertTrue(exchanges)
        for exchange in exchanges:
            end = f"_{exchange.operation}_{exchange.id}_respuesta.xml"
            self.assertEqual(
                self._one(found, folder, end), exchange.answer.encode(), end
            )

    def _exchanges_of(self, record):
        return self.env["immex.exchange"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )


@tagged("post_install", "-at_install")
class TestTraceCove(SourcesCase, test_cove.VucemCase):
    """The COVE and the e-document that a pedimento declares, as registered."""

    def test_registered_sources(self):
        cove = self._draft(remarks="Parte ñ")
        cove.action_send()
        self._deliver()
        self._ask(cove)
        document = self.env["immex.edocument"].create(
            {"name": "Factura F-77", "pdf": base64.b64encode(PDF)}
        )
        document.action_send()
        self._deliver()
        document.next_query = fields.Datetime.now()
        self._run("ir_cron_edocument")
        self._deliver()
        self.assertEqual((cove.state, document.state), ("accepted", "accepted"))
        self.env["ir.attachment"].create(
            {
                "name": "factura.pdf",
                "res_model": cove.move_ids._name,
                "res_id": cove.move_ids.id,
                "raw": b"%PDF-1.4 invoice",
            }
        )
        pedimento = self._pedimento(
            key="RT",
            operation_type="2",
            partidas=[{}],
            invoice_ids=[
                Command.create(
                    {
                        "company_id": self.company.id,
                        "sequence": number,
                        "number": text,
                    }
                )
                for number, text in enumerate((cove.edocument, "COVE26ZZZZZZ9"), 1)
            ],
            identifier_ids=[
                Command.create(
                    {"company_id": self.company.id, "code": "ED", "complement1": text}
                )
                for text in (document.edocument, "0172269999999")
            ],
        )
        file, found = self._sources(pedimento)

        # as it left, with the signature that the peer found good
        sent = self._one(found, "2_cove", "_enviado.xml")
        [posted] = [
            data
            for _path, action, data in self.peer.requests
            if action.endswith("/RecibirCove")
        ]
        [body] = etree.fromstring(posted).find(BODY)
        self.assertEqual(canonical(etree.fromstring(sent)), canonical(body))
        seal = etree.fromstring(sent).find(".//{*}firmaElectronica/{*}firma")
        self.assertGreater(len(base64.b64decode(seal.text)), 200)
        self._check_answers(found, "2_cove", self._exchanges_of(cove))
        self.assertEqual(
            self._one(found, "2_cove", "_factura.pdf"), b"%PDF-1.4 invoice"
        )

        name = f"{document.edocument}_Factura_F-77.pdf"
        self.assertEqual(self._one(found, "3_edocuments", name), PDF)
        self._check_answers(found, "4_acuses", self._exchanges_of(document))

        for told in (cove.edocument, document.edocument):
            self.assertNotIn(told, file.missing)
        for missing in ("COVE26ZZZZZZ9", "0172269999999"):
            self.assertIn(missing, file.missing)
        everything = b"".join(found.values())
        for secret in (test_cove.SERVICE_KEY, efirma_make.PASSPHRASE):
            self.assertNotIn(secret.encode(), everything)


@tagged("post_install", "-at_install")
class TestTraceFetched(SourcesCase, test_vucem_fetch.VucemFetchCase):
    """A pedimento that came from VUCEM: its file, and the answers it is made of."""

    def test_fetched_sources(self):
        fetch = self._fetch()
        self._deliver()
        self.assertEqual(fetch.state, "recorded", fetch.reason)
        pedimento = fetch.pedimento_id
        file, found = self._sources(pedimento)
        attachment = fetch.file_id.attachment_id
        name = f"_{pedimento.number15}_VUCEM_240-3456-6000777.xml"
        self.assertEqual(self._one(found, "1_pedimentos", name), attachment.raw)
        exchanges = self.env["immex.exchange"].search(
            fetch.action_open_exchanges()["domain"]
        )
        self.assertEqual(len(exchanges), 5)
        self._check_answers(found, "4_acuses", exchanges)
        self.assertNotIn(f"{pedimento.number}: no file of it", file.missing or "")
        self.assertNotIn(
            test_vucem_fetch.SERVICE_KEY.encode(), b"".join(found.values())
        )
