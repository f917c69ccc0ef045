# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io

from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL

from ..models.pedimento import immex_pedimento_file_load
from ..models.pedimento.file_issues import FileRefused
from .common import ImmexCase, m3_file, m3_partida

SCRIPT = "<script>alert(1)</script>"
TABLES = ("immex.pedimento.complementary", "immex.pedimento.record.content")


@tagged("post_install", "-at_install")
class TestRefusedKept(ImmexCase):
    """A refused file stays for a look, with its errors and without its content."""

    def _keep(self, content, name="m3456001.275", company=None):
        files = self.env["immex.pedimento.file"]
        stream = io.BytesIO(content)
        return files._load_or_keep("m3", company or self.company, stream, name)

    def _refused(self):
        return m3_file(([m3_partida()], {}), ([m3_partida(umc="77")], {"key": "ZZ"}))

    def test_kept_whole_with_its_errors(self):
        content = self._refused()
        pedimentos = self.env["immex.pedimento"].search_count([])
        result = self._keep(content)
        file = result.file
        self.assertIsInstance(result.refused, FileRefused)
        self.assertEqual((file.state, file.size), ("refused", len(content)))
        self.assertEqual(file.attachment_id.raw, content)
        self.assertEqual(
            file.issue_ids.sorted("line").mapped("code")[:2],
            [i.code for i in sorted(result.issues, key=lambda i: i.line)][:2],
        )
        self.assertIn("unknown_umc", file.issue_ids.mapped("code"))
        self.assertEqual(file.issue_count, len(result.issues))
        # also the pedimento that was right is not recorded
        self.assertEqual(self.env["immex.pedimento"].search_count([]), pedimentos)
        self.assertFalse(file.pedimento_ids)

    def test_an_empty_file_too(self):
        file = self._keep(b"").file
        self.assertEqual((file.state, file.size), ("refused", 0))
        self.assertEqual(file.issue_ids.code, "empty")

    def test_errors_before_warnings_when_there_are_too_many(self):
        self.patch(immex_pedimento_file_load, "KEPT_ISSUES", 1)
        content = self._refused().replace(b"511|", b"599|", 1)
        file = self._keep(content).file
        self.assertEqual(file.issue_ids.severity, "error")

    def test_same_bytes_same_record(self):
        first = self._keep(self._refused()).file
        count = first.issue_count
        again = self._keep(self._refused(), "other name").file
        self.assertEqual(again, first)
        self.assertEqual((len(again.issue_ids), again.issue_count), (count, count))

    def test_loaded_once_the_reason_is_gone(self):
        self.company.vat = False
        content = m3_file(([m3_partida()], {}))
        refused = self._keep(content).file
        self.assertEqual(refused.issue_ids.code, "company_rfc")
        self.company.vat = "ADN150203AB1"
        loaded = self._keep(content)
        self.assertIsNone(loaded.refused)
        self.assertEqual(loaded.file.state, "loaded")
        self.assertEqual(loaded.file.pedimento_ids.document, "6000001")
        self.assertEqual(refused.state, "refused")

    def test_goes_after_a_month(self):
        old = self._keep(self._refused()).file
        fresh = self._keep(b"name,quantity\n").file
        attachment = old.attachment_id
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE immex_pedimento_file SET write_date = now() - interval '31 d'"
                " WHERE id = %s RETURNING id",
                old.id,
            )
        )
        self.env.invalidate_all()
        self.env["immex.pedimento.file"]._gc_refused()
        self.assertFalse(old.exists())
        self.assertFalse(attachment.exists())
        self.assertTrue(fresh.exists())

    def test_of_its_company_alone(self):
        file = self._keep(self._refused()).file
        other = self.env["res.company"].create({"name": "Elsewhere"})
        user = new_test_user(
            self.env,
            "elsewhere",
            groups="immex_compliance.group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        files = self.env["immex.pedimento.file"].with_user(user)
        seen = files.with_context(allowed_company_ids=other.ids).search([])
        self.assertNotIn(file, seen)


@tagged("post_install", "-at_install")
class TestNoHtmlFromAFile(HttpCase, ImmexCase):
    """What a file says is text on every screen."""

    def test_upload_page_and_record(self):
        new_test_user(
            self.env,
            "html_manager",
            password="html-manager-1",
            groups="immex_compliance.group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.authenticate("html_manager", "html-manager-1")
        content = m3_file(([m3_partida(pais_origen="<b>", descripcion=SCRIPT)], {}))
        for wanted, data in (
            (422, content.replace(b"|IN|", b"|<i|")),
            (303, content.replace(b"|<b>|", b"|USA|")),
        ):
            answer = self.url_open(
                "/immex/upload",
                data={
                    "kind": "m3",
                    "company_id": self.company.id,
                    "csrf_token": http.Request.csrf_token(self),
                },
                files={"file": (f"{SCRIPT}.275", data)},
                allow_redirects=False,
            )
            self.assertEqual(answer.status_code, wanted)
            self.assertNotIn("<script>alert", answer.text)
            if wanted == 422:
                self.assertIn("&lt;b&gt;", answer.text)
        partida = self.env["immex.pedimento.partida"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(partida.description, SCRIPT)
        # served as text, whatever its name ends with
        kept = self.env["immex.pedimento.file"].search(
            [("company_id", "=", self.company.id)]
        )
        for file in kept:
            answer = self.url_open(f"/web/content/{file.attachment_id.id}")
            self.assertTrue(answer.headers["Content-Type"].startswith("text/plain"))

    def test_no_field_that_a_file_fills_is_html(self):
        """Odoo escapes every type but html: none of ours that holds a file's words is
        one, nor is any shown by a widget that does not escape. But for the tables of
        records, whose cells are escaped where they are made: TestPedimentoRecords."""
        models = [
            name
            for name in self.env.registry
            if name.startswith(("immex.pedimento", "immex.datastage", "immex.file"))
        ]
        self.assertGreater(len(models), 10)
        for name in models:
            for field in self.env[name]._fields.values():
                if str(field) in TABLES:
                    self.assertTrue(field.compute and not field.store)
                elif field._module and field._module.startswith("immex"):
                    self.assertNotEqual(field.type, "html", str(field))
        views = self.env["ir.ui.view"].search([("model", "in", models)])
        for view in views:
            self.assertNotIn('widget="html"', view.arch_db, view.name)
