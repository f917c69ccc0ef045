# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
import subprocess
import sys
from datetime import date
from tempfile import TemporaryDirectory

from odoo.tests import HttpCase, new_test_user, tagged

from ..definitions import REPORTS
from ..models.immex_period_seal import VERIFIER
from .common import ReportCase
from .pure.reports_readback import read_xlsx, read_xml


@tagged("post_install", "-at_install")
class TestSealFile(ReportCase, HttpCase):
    """A closed period proves itself without the database."""

    def _closed(self):
        self._month()
        seals = self.env["immex.period.seal"]
        september = seals._close(self.company, date(2026, 9, 30))
        return september + seals._close(self.company, date(2026, 10, 31))

    def _verify(self, *paths):
        done = subprocess.run(
            [sys.executable, VERIFIER, *paths],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def test_the_file_gives_the_seal(self):
        part = self._product('odd\\n|> "part"', "material")
        pedimento = self._pedimento("IN", "1", "2026-10-03", [(part, 5)])
        self._transfer("incoming", "2026-10-03", [(part, 5)], pedimento)
        gone = self._pedimento("RT", "2", "2026-10-21", [(part, 3)])
        self._transfer("outgoing", "2026-10-21", [(part, 3)], gone)
        seals = self._closed()
        self.assertTrue(seals[-1].row_count)
        with TemporaryDirectory() as folder:
            *paths, script = seals._export_files(folder)
            self.assertEqual(script.name, "verify_seal.py")
            code, said = self._verify(*paths)
            self.assertEqual(code, 0, said)
            for seal in seals:
                self.assertIn(f"{seal.name}: sound", said)
                self.assertIn(seal.sha256, said)
            # one digit of one quantity, a row less, another order of the chain
            text = paths[-1].read_text(encoding="utf-8")
            row = next(line for line in text.splitlines() if line.startswith("  "))
            for other in (
                text.replace(row, row[:-1] + ("8" if row[-1] == "9" else "9")),
                text.replace(row, "", 1),
            ):
                paths[-1].write_text(other.replace("\n\n\n", "\n"), encoding="utf-8")
                self.assertEqual(self._verify(*paths)[0], 1)
            paths[-1].write_text(text, encoding="utf-8")
            self.assertEqual(self._verify(*reversed(paths))[0], 1)
            # lines of the file may stand in another order
            head, body = text.split("\n\n", 1)
            exits = ["> " + part for part in body.split("> ")[1:] if part]
            if '"part"' not in body:
                paths[-1].write_text(head + "\n\n" + "".join(reversed(exits)))
                self.assertEqual(self._verify(*paths)[0], 0)

    def test_reports_bear_the_seal_of_their_period(self):
        seals = self._closed()
        run = self._new_run("saldos")
        run._fill()
        printed = f"Sello {seals[-1].name}: {seals[-1].sha256}"
        for kind, read in (("xlsx", read_xlsx), ("xml", read_xml)):
            stream = io.BytesIO()
            run._render(kind, stream)
            stream.seek(0)
            head = read(REPORTS["saldos"], stream)[0]
            told = head.values() if isinstance(head, dict) else head
            self.assertTrue(any(printed in str(text) for text in told), head)
        # an open month, and what an earlier run knew, bear none
        later = self._new_run("saldos", date_to="2026-11-15")
        self.assertFalse(later._header().seal)
        known = self._new_run("saldos", known_run_id=seals[0].run_id.id)
        self.assertFalse(known._header().seal)
        seals[-1]._reopen("Late document")
        self.assertFalse(run._header().seal)

    def test_download(self):
        seal = self._closed()[-1]
        path = seal.action_file()["url"]
        other = self.env["res.company"].create({"name": "Otra"})
        for login, company, status in (
            ("seal_reader", self.company, 200),
            ("seal_stranger", other, 404),
        ):
            new_test_user(
                self.env,
                login,
                groups="immex_compliance.group_user",
                password=f"{login}_pass",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            )
            self.authenticate(login, f"{login}_pass")
            response = self.url_open(path)
            self.assertEqual(response.status_code, status)
        stream = io.BytesIO()
        seal._write_file(stream)
        self.authenticate("seal_reader", "seal_reader_pass")
        self.assertEqual(self.url_open(path).content, stream.getvalue())
