# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import csv
import hashlib
import io
import zipfile
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ReportCase


@tagged("post_install", "-at_install")
class TestTraceFile(ReportCase):
    """The printable file: complete, verifiable, and without secrets."""

    def setUp(self):
        super().setUp()
        self._month()
        self.out = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id), ("operation_type", "=", "2")]
        )
        self.delivery = self.out.picking_ids

    def _attach(self, record, name, raw):
        return self.env["ir.attachment"].create(
            {"name": name, "res_model": record._name, "res_id": record.id, "raw": raw}
        )

    def _made(self, records, user=None):
        files = self.env["immex.trace.file"].with_user(user or self.env.user)
        action = files.action_ask(records._name, records.ids)
        file = files.browse(action["res_id"])
        self.assertEqual(file.state, "waiting")
        with self.assertRaises(UserError):
            file.action_download()
        file.sudo().job_id._run_now()
        self.assertEqual(file.sudo().job_id.error, False)
        self.assertEqual(file.state, "done")
        return file

    def _zip(self, file):
        self.assertEqual(
            file.sha256, hashlib.sha256(file.attachment_id.raw).hexdigest()
        )
        return zipfile.ZipFile(io.BytesIO(file.attachment_id.raw))

    def test_file_with_its_documents(self):
        self._attach(self.delivery, "../../etc/carta porte ñ.pdf", b"%PDF-1.4 bill")
        self._attach(self.delivery, "firma.key", b"anything")
        self._attach(
            self.delivery, "login.xml", b"<a><wsse:Password>hush</wsse:Password></a>"
        )
        self._attach(self.delivery, "oculta.bin", b"-----BEGIN PRIVATE KEY-----\nhush")
        self._attach(self.out, "pedimento.pdf", b"%PDF-1.4 printed")
        self.env["immex.pedimento.invoice"].create(
            {
                "pedimento_id": self.out.id,
                "company_id": self.company.id,
                "sequence": 1,
                "number": "COVE26AAAAAA1",
            }
        )
        # what a spreadsheet would compute
        self.product.default_code = "-2+3|run"
        file = self._made(self.out)
        with self._zip(file) as archive:
            names = archive.namelist()
            self.assertIn("expediente.pdf", names)
            self.assertEqual(names[-1], "manifest.sha256")
            for name in names:
                self.assertRegex(name, r"^([0-9]_[a-z]+/)?[A-Za-z0-9][A-Za-z0-9._-]*$")
                self.assertNotIn("..", name)
            told = dict(
                reversed(line.split("  "))
                for line in archive.read("manifest.sha256").decode().splitlines()
            )
            self.assertEqual(set(told), set(names) - {"manifest.sha256"})
            for name, digest in told.items():
                self.assertEqual(hashlib.sha256(archive.read(name)).hexdigest(), digest)
            content = b"".join(map(archive.read, names))
            self.assertNotIn(b"hush", content)
            self.assertIn(b"%PDF-1.4 bill", content)
            self.assertIn(b"%PDF-1.4 printed", content)
            rows = list(
                csv.DictReader(
                    io.StringIO(archive.read("descargos.csv").decode("utf-8-sig"))
                )
            )
        self.env.cr.execute(
            "SELECT count(*), sum(quantity)::text FROM immex_discharge"
            " WHERE superseded_run_id IS NULL AND exit_line_id = ANY(%s)",
            (self.out.exit_line_ids.ids,),
        )
        count, quantity = self.env.cr.fetchone()
        self.assertEqual(len(rows), count)
        self.assertEqual(
            sum(Decimal(row["Quantity"]) for row in rows), Decimal(quantity)
        )
        self.assertEqual({row["Product"] for row in rows}, {"'-2+3|run"})
        for text in ("firma.key", "login.xml", "oculta.bin", "COVE26AAAAAA1"):
            self.assertIn(text, file.missing)
        self.assertEqual(file.missing_count, len(file.missing.splitlines()))

    def test_edocuments_of_a_pedimento(self):
        pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
        document = self.env["immex.edocument"].create(
            {
                "company_id": self.company.id,
                "name": "Factura F-77",
                "pdf": base64.b64encode(pdf),
                "pedimento_id": self.out.id,
            }
        )
        # its bytes are read when they go into the zip, one after the other
        document.invalidate_recordset()
        file = self._made(self.out)
        self.assertNotIn("pdf", document._cache)
        with self._zip(file) as archive:
            (name,) = (n for n in archive.namelist() if n.startswith("3_edocuments/"))
            self.assertEqual(archive.read(name), pdf)
        self.assertTrue(name.endswith("sin_numero_Factura_F-77.pdf"), name)

    def test_act_that_nobody_attached_is_missing(self):
        act = self.env["immex.destruction"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertIn("ACTA-1", self._made(act).missing)
        self._attach(act, "acta.pdf", b"%PDF-1.4 act")
        file = self._made(act)
        self.assertNotIn("Act ACTA-1", file.missing)
        with self._zip(file) as archive:
            self.assertTrue([n for n in archive.namelist() if n.startswith("6_actas/")])

    def test_no_room(self):
        self._attach(self.out, "large.pdf", b"%PDF-1.4" + b"x" * 100)
        self.env["ir.config_parameter"].set_param("immex_reports.trace_file_mb", "0")
        file = self._made(self.out)
        self.assertIn("large.pdf", file.missing)
        with self._zip(file) as archive:
            self.assertIn("expediente.pdf", archive.namelist())

    def test_a_queue_has_an_end(self):
        """Of a company, whoever asks; files of others are in nobody's way."""
        self.env["ir.config_parameter"].set_param(
            "immex_reports.waiting_trace_files", "2"
        )
        files = self.env["immex.trace.file"]
        other = self.env["res.company"].create({"name": "Otra"})
        files.sudo().create(
            {
                "company_id": other.id,
                "name": "T",
                "res_model": self.out._name,
                "res_ids": self.out.ids,
            }
        )
        asked = [
            files.browse(files.action_ask(self.out._name, self.out.ids)["res_id"])
            for _turn in range(2)
        ]
        with self.assertRaisesRegex(UserError, "2 traceability files of .* wait"):
            files.action_ask(self.out._name, self.out.ids)
        self.assertEqual(files.search_count([("company_id", "=", self.company.id)]), 2)
        asked[0].sudo().job_id._run_now()
        again = files.browse(asked[0].action_again()["res_id"])
        self.assertEqual(again.state, "waiting")
        asked[1].sudo().job_id.action_cancel()
        self.assertEqual(asked[1].state, "failed")
        asked[1].action_again()

    def test_whose_file(self):
        """A file holds what its maker may read, and is theirs."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.principal.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": 1}
                    )
                ],
            }
        )
        self._attach(order, "prices.pdf", b"%PDF-1.4 prices")
        self.delivery.move_ids.sale_line_id = order.order_line
        readers = [
            new_test_user(
                self.env,
                f"trace_file_{number}",
                groups="immex_compliance.group_user",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            for number in (1, 2)
        ]
        with self._zip(self._made(self.out)) as archive:
            self.assertTrue([n for n in archive.namelist() if "prices" in n])
        file = self._made(self.out, readers[0])
        with self._zip(file.sudo()) as archive:
            self.assertFalse([n for n in archive.namelist() if "prices" in n])
        self.assertIn("/web/content/", file.action_download()["url"])
        self.assertTrue(file.attachment_id.with_user(readers[0]).has_access("read"))
        theirs = file.with_user(readers[1])
        self.assertFalse(theirs.search([("id", "=", file.id)]))
        with self.assertRaises(AccessError):
            theirs.action_download()
        self.assertFalse(file.attachment_id.with_user(readers[1]).has_access("read"))
        for operation in ("write", "create"):
            self.assertFalse(file.has_access(operation))
        self.assertEqual(file.action_picture()["tag"], "immex_trace")
        again = file.action_again()
        waiting = file.browse(again["res_id"])
        with self.assertRaises(UserError):
            waiting.unlink()
        waiting.sudo().job_id.with_user(readers[0]).action_cancel()
        self.assertEqual(waiting.state, "failed")
        waiting.unlink()
