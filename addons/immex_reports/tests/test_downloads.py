# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
import re
import zipfile
from threading import current_thread
from unittest.mock import patch

from werkzeug.routing import AnyConverter, UnicodeConverter

from odoo.tests import new_test_user, tagged

from odoo.addons.immex_compliance.models.ir_http import LAST_ID
from odoo.addons.immex_compliance.models.scccyg_replay import immex_scccyg_replay_file

from ..models.ir_http import HOME
from .authority_case import AuthorityCase

# of no record; of no integer of the database's, small or large; and of nobody
IDS = (LAST_ID, LAST_ID + 1, 99_999_999_999, 10**30, -1, -(10**11))


@tagged("post_install", "-at_install")
class TestDownloads(AuthorityCase):
    """What the addresses of the add-ons give, and what they do not."""

    def setUp(self):
        super().setUp()
        self.reader = new_test_user(
            self.env,
            "wanderer",
            groups="immex_compliance.group_administrator",
            password="wanderer_pass",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def _addresses(self):
        """Rules of ours that take a number, each as a pattern to fill with one."""
        found = []
        # Odoo's own server names the database on the thread, other runners do not
        with patch.object(current_thread(), "dbname", self.env.cr.dbname, create=True):
            rules = list(self.env["ir.http"].routing_map().iter_rules())
        for rule in rules:
            numbers = [
                name
                for name, converter in rule._converters.items()
                if not isinstance(converter, (AnyConverter, UnicodeConverter))
            ]
            if not rule.rule.startswith("/immex/") or not numbers:
                continue
            path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
            path = re.sub(r"<string:\w+>", "xlsx", path)
            path = re.sub(r"<\w+:(\w+)>", "{}", path)
            found.append(path)
        return found

    def test_an_id_that_no_record_can_have(self):
        """Is not found, in every address."""
        addresses = self._addresses()
        self.assertGreaterEqual(len(addresses), 10, addresses)
        for login, pages in (("wanderer", False), ("sat_auditor", True)):
            self.authenticate(login, f"{login}_pass")
            for address in addresses:
                if address.startswith(HOME) != pages:
                    continue
                for number in IDS:
                    with self.subTest(address=address, number=number):
                        answer = self.url_open(
                            address.format(number), allow_redirects=False
                        )
                        self.assertEqual(answer.status_code, 404)

    def test_a_long_workbook_is_of_the_background(self):
        """The address of the authority's view gives the file that was made, and writes
        no long one itself."""
        replay = self.env["immex.scccyg.replay"].create(
            {"company_id": self.company.id, "date": "2026-11-30"}
        )
        replay.sudo().state = "done"
        address = f"/immex/scccyg_replay/{replay.id}/xlsx"
        self.authenticate("wanderer", "wanderer_pass")
        self.assertEqual(self.url_open(address).status_code, 200)
        with patch.object(immex_scccyg_replay_file, "XLSX_INLINE", -1):
            self.assertEqual(self.url_open(address).status_code, 404)
            action = replay.with_user(self.reader).action_xlsx()
            self.env["immex.job"].browse(action["res_id"])._run_now()
            answer = self.url_open(address)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertTrue(zipfile.is_zipfile(io.BytesIO(answer.content)))
