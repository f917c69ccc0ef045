# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import resource
import tempfile
from pathlib import Path

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..models.pedimento import server_folder
from ..wizards import immex_file_import
from .common import ImmexCase, m3_file, m3_partida

ODOO_LIMIT = 128 * 1024 * 1024
MEMORY = 48 * 1024  # KiB that a large upload may add to the process


class Body:
    """A multipart body made while it is sent, never whole in memory."""

    def __init__(self, fields, filename, head, filler, tail):
        boundary = "immex-upload"
        self.headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        start = "".join(
            f"--{boundary}\r\nContent-Disposition: form-data; "
            f'name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        start += (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; '
            f'filename="{filename}"\r\nContent-Type: text/plain\r\n\r\n'
        )
        self.parts = [
            (start.encode() + head, 1),
            filler,
            (tail + f"\r\n--{boundary}--\r\n".encode(), 1),
        ]
        self.size = sum(len(block) * times for block, times in self.parts)
        self._blocks = (block for block, times in self.parts for _time in range(times))

    def __len__(self):
        return self.size

    def __iter__(self):
        return self._blocks


@tagged("post_install", "-at_install")
class TestImportUpload(HttpCase, ImmexCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
            "password": "immex-upload-1",
        }
        cls.manager = new_test_user(
            cls.env, "upload_manager", groups="immex_compliance.group_manager", **values
        )
        cls.clerk = new_test_user(
            cls.env, "upload_clerk", groups="immex_compliance.group_user", **values
        )

    def _count(self):
        return [
            self.env[name].search_count([])
            for name in ("immex.pedimento", "immex.pedimento.file", "ir.attachment")
        ]

    def _post(
        self, content, user="upload_manager", token=True, name="m3456001.275", **fields
    ):
        self.authenticate(user, "immex-upload-1")
        data = {"kind": "m3", "company_id": self.company.id} | fields
        if token:
            data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(
            "/immex/upload",
            data=data,
            files={"file": (name, content)},
            allow_redirects=False,
        )

    def test_page(self):
        self.authenticate("upload_manager", "immex-upload-1")
        page = self.url_open("/immex/upload")
        self.assertEqual(page.status_code, 200)
        self.assertIn("csrf_token", page.text)
        self.assertIn(self.company.name, page.text)

    def test_no_html_from_a_file(self):
        content = m3_file(([m3_partida()], {})).replace(b"|USD|", b"|<b>|")
        name = "<img src=x onerror=alert(1)>.275"
        answer = self._post(content, name=name)
        self.assertIn("&lt;b&gt;", answer.text)
        self.assertNotIn("<b>", answer.text)
        self.assertNotIn("<img src=x", answer.text)

    def test_loaded_then_recognised(self):
        content = m3_file(([m3_partida()], {}))
        answer = self._post(content)
        file = self.env["immex.pedimento.file"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(
            answer.headers["Location"].endswith(f"/odoo/immex.pedimento.file/{file.id}")
        )
        self.assertEqual(file.pedimento_ids.document, "6000001")
        self.assertEqual(file.create_uid, self.manager)
        before = self._count()
        again = self._post(content)
        self.assertEqual(again.status_code, 200)
        self.assertIn(f"/odoo/immex.pedimento.file/{file.id}", again.text)
        self.assertEqual(self._count(), before)

    def test_nobody_forges_the_word_of_customs(self):
        self.authenticate("upload_manager", "immex-upload-1")
        page = self.url_open("/immex/upload")
        self.assertIn('value="m3"', page.text)
        self.assertNotIn('value="vucem"', page.text)
        before = self._count()
        self.assertEqual(self._post(b"<a/>", kind="vucem").status_code, 400)
        self.assertEqual(self._count(), before)
        wizards = self.env["immex.file.import"].with_user(self.manager)
        wizard = wizards.create({"kind": "vucem", "data": base64.b64encode(b"<a/>")})
        with self.assertRaisesRegex(AccessError, "not loaded by hand"):
            wizard.action_load()

    def test_refused_shows_line_and_field(self):
        pedimentos = self._count()[0]
        content = m3_file(([m3_partida(umc="77")], {}))
        answer = self._post(content)
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Line 9, record 551, field 12 (umc)", answer.text)
        self.assertEqual(self._count()[0], pedimentos)
        file = self.env["immex.pedimento.file"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual((file.state, file.attachment_id.raw), ("refused", content))
        self.assertIn(f"/odoo/immex.pedimento.file/{file.id}", answer.text)

    def test_who_may_upload(self):
        before = self._count()
        content = m3_file(([m3_partida()], {}))
        self.assertIn(self._post(content, user="upload_clerk").status_code, (403, 413))
        self.assertEqual(self._post(content, token=False).status_code, 400)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        for company in (other.id, "\u00b2", "9" * 5000, "1 OR 1"):
            answer = self._post(content, company_id=company)
            self.assertEqual(answer.status_code, 400)
        self.authenticate(None, None)
        answer = self.url_open("/immex/upload", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])
        self.assertEqual(self._count(), before)

    def _post_large(self, filler, tail):
        self.authenticate("upload_manager", "immex-upload-1")
        body = Body(
            {
                "kind": "m3",
                "company_id": self.company.id,
                "csrf_token": http.Request.csrf_token(self),
            },
            "m3456001.275",
            b"500|1|3456|6000001|240||\r\n",
            filler,
            tail,
        )
        self.assertGreater(len(body), ODOO_LIMIT)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        answer = self.opener.post(
            self.base_url() + "/immex/upload",
            data=body,
            headers=body.headers,
            timeout=120,
            allow_redirects=False,
        )
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
        self.assertLess(grown, MEMORY)
        return answer

    def test_larger_than_odoo_admits_in_bounded_memory(self):
        pedimentos = self.env["immex.pedimento"].search_count([])
        block = (b"|" + b"X" * 1021 + b"\r\n") * 1024
        answer = self._post_large((block, 130), b"\x00")
        self.assertEqual(answer.status_code, 303)
        file = self.env["immex.pedimento.file"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual((file.state, file.job_state), ("waiting", "waiting"))
        self.assertGreater(file.size, ODOO_LIMIT)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        file.job_id._run_now()
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
        self.assertLess(grown, MEMORY)
        self.assertEqual(file.state, "refused")
        self.assertIn("binary file", file.issue_ids.message)
        self.assertEqual(self.env["immex.pedimento"].search_count([]), pedimentos)

    def test_above_our_own_limit(self):
        self.env["ir.config_parameter"].set_param("immex_compliance.max_file_mb", "1")
        before = self._count()
        answer = self._post(b"500|\r\n" * (1024 * 1024))
        self.assertEqual(answer.status_code, 413)
        self.assertEqual(self._count(), before)


@tagged("post_install", "-at_install")
class TestImportWizard(ImmexCase):
    def _wizard(self, content=b"", **values):
        return self.env["immex.file.import"].create(
            {
                "company_id": self.company.id,
                "filename": "C:\\fakepath\\m3456001.275",
                "data": base64.b64encode(content),
            }
            | values
        )

    def test_loaded(self):
        wizard = self._wizard(m3_file(([m3_partida()], {})))
        action = wizard.action_load()
        file = self.env["immex.pedimento.file"].browse(action["res_id"])
        self.assertEqual(file.name, "m3456001.275")
        self.assertEqual(len(file.pedimento_ids), 1)
        self.assertFalse(wizard.data)
        again = self._wizard(m3_file(([m3_partida()], {}))).action_load()
        self.assertEqual(again["params"]["next"]["res_id"], file.id)

    def test_refused_lists_issues_and_changes_nothing(self):
        wizard = self._wizard(m3_file(([m3_partida(umc="77", umt="78")], {})))
        pedimentos = self.env["immex.pedimento"].search_count([])
        action = wizard.action_load()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("immex.file.import", wizard.id)
        )
        self.assertEqual(wizard.state, "refused")
        self.assertEqual(
            wizard.issue_ids.mapped(lambda i: (i.line, i.field_number, i.field_name)),
            [(9, 12, "umc"), (9, 14, "umt")],
        )
        self.assertEqual(self.env["immex.pedimento"].search_count([]), pedimentos)
        self.assertEqual(wizard.file_id.state, "refused")

    def test_server_folder(self):
        with tempfile.TemporaryDirectory() as root:
            Path(root, "m3456001.275").write_bytes(m3_file(([m3_partida()], {})))
            self.env["ir.config_parameter"].set_param(server_folder.PARAMETER, root)
            wizard = self._wizard(source="folder", server_file="m3456001.275")
            action = wizard.action_load()
        file = self.env["immex.pedimento.file"].browse(action["res_id"])
        self.assertEqual(file.pedimento_ids.document, "6000001")

    def test_too_large_for_the_form(self):
        self.patch(immex_file_import, "FORM_BYTES", 100)
        with self.assertRaisesRegex(UserError, "/immex/upload"):
            self._wizard(b"5" * 101).action_load()

    def test_only_managers(self):
        clerk = new_test_user(
            self.env,
            "clerk",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.env["immex.file.import"].with_user(clerk).create({})
