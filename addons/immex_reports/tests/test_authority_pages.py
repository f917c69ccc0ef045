# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hashlib
from datetime import date
from unittest.mock import patch

import psycopg2
from lxml import html

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..controllers import authority_rows
from ..controllers.authority_words import LABELS, WORDS
from ..definitions import DETAILS, REPORTS, Column
from ..definitions.base import INTEGER, QUANTITY
from ..definitions.search_sql import FOUND_GOODS, FOUND_PEDIMENTOS
from .authority_case import AuthorityCase

HOME = "/immex/authority"
OCTOBER = "date_from=2026-10-01&date_to=2026-10-31"
# in both languages
SAME = {"Partida", "Merma", "UMC", "UMT", "Material", "Pedimento", "Submaquila"}


@tagged("post_install", "-at_install")
class TestAuthorityPages(AuthorityCase):
    """Search, long reports, both languages, seals, and what the log says of it all."""

    def setUp(self):
        super().setUp()
        self._month()
        self.authenticate("sat_auditor", "sat_auditor_pass")

    def _page(self, path, status=200):
        response = self.url_open(path)
        self.assertEqual(response.status_code, status, response.text[:300])
        return html.fromstring(response.text)

    def _rows(self, page):
        return [
            [" ".join(cell.itertext()).strip() for cell in row]
            for row in page.xpath("//tbody/tr")
        ]

    # search -------------------------------------------------------------------------
    def test_search_within_a_report(self):
        path = f"{HOME}/reporte/saldos?date_to=2026-10-31"
        everything = self._rows(self._page(path))
        self.assertTrue(everything)
        number = self.env["immex.layer"].search([], limit=1).pedimento_id.number
        for query, wanted in (
            ("part=mat-1", everything),
            ("part=MAT 1", everything),
            ("part=nada", []),
            ("part=%25", []),
            ("part=_", []),
            (f"pedimento={number}", [r for r in everything if number in r]),
            (f"pedimento={number}&part=nada", []),
        ):
            with self.subTest(query=query):
                self.assertEqual(self._rows(self._page(f"{path}&{query}")), wanted)
        page = self._page(f"{path}&part=nada")
        self.assertIn(WORDS["nothing"][0], page.text_content())
        self.assertIn("reporte completo", page.text_content())

    def test_numbers_and_frames(self):
        quantity, whole = (
            Column("q", "q", "q", QUANTITY, 2),
            Column("i", "i", "i", INTEGER),
        )
        for value, column, shown in (
            ("1234567.5", quantity, "1,234,567.50"),
            ("-1234.5678", quantity, "-1,234.5678"),
            ("0", quantity, "0.00"),
            ("1E+6", quantity, "1,000,000.00"),
            (2026, whole, "2026"),
            (None, quantity, ""),
        ):
            self.assertEqual(authority_rows.cell_text(column, value), shown)
        self.assertIn("text-danger", authority_rows._class(quantity, "-0.01"))
        self.assertNotIn("text-danger", authority_rows._class(quantity, "0.00"))
        page = self._page(f"{HOME}/reporte/descargos?{OCTOBER}")
        (frame,) = page.xpath("//div[@role='region'][.//table]")
        self.assertEqual(frame.get("tabindex"), "0")
        self.assertEqual(frame.get("aria-label"), REPORTS["descargos"].title)
        count = len(self._rows(page))
        self.assertIn(f"{count} renglones", " ".join(page.text_content().split()))
        number = self.env["immex.layer"].search([], limit=1).pedimento_id.number
        one = self._page(f"{HOME}/reporte/entradas?{OCTOBER}&pedimento={number}")
        self.assertEqual(len(self._rows(one)), 1)
        self.assertIn("1 renglón.", " ".join(one.text_content().split()))

    def test_search_page(self):
        number = self.env["immex.layer"].search([], limit=1).pedimento_id.number
        page = self._page(f"{HOME}/buscar?q={number[-7:]}")
        link = page.xpath("//tbody//a[contains(@href, '/pedimento/')]/@href")[0]
        self.assertIn(number, self._page(link).text_content())
        page = self._page(f"{HOME}/buscar?q=mat-")
        link = page.xpath("//tbody//a[contains(@href, '/saldos?part=MAT-1')]/@href")[0]
        self._page(link)
        for text in ("zz", "zzzzzz", "%25%25%25", "'; DROP", "zzz%00zzz"):
            self.assertFalse(self._rows(self._page(f"{HOME}/buscar?q={text}")))
        path = f"{HOME}/reporte/saldos?date_to=2026-10-31&part=zzz%00zzz"
        self.assertFalse(self._rows(self._page(path)))
        # another company's numbers are not found
        self.access.company_id = self.env["res.company"].create({"name": "Otra"})
        self.assertFalse(self._rows(self._page(f"{HOME}/buscar?q=mat-")))

    # long reports -------------------------------------------------------------------
    def test_a_long_report_is_made_in_the_background(self):
        path = f"{HOME}/reporte/salidas?{OCTOBER}"
        xlsx = f"{HOME}/reporte/salidas/xlsx?{OCTOBER}"
        whole = self._page(f"{HOME}/reporte/descargos?{OCTOBER}")
        rows = self._rows(whole)
        self.assertGreater(len(rows), 2)
        self.env["ir.config_parameter"].set_param("immex_reports.inline_rows", "0")
        path = f"{HOME}/reporte/descargos?{OCTOBER}"
        xlsx = f"{HOME}/reporte/descargos/xlsx?{OCTOBER}"
        page = self._page(path)
        self.assertTrue(page.xpath("//*[@role='progressbar']"))
        self.assertTrue(page.xpath("//meta[@http-equiv='refresh']"))
        # asked for twice, made once; a file that is not there leads to the same page
        self.assertTrue(
            self.url_open(xlsx).url.endswith(
                path.split("?")[0] + "?" + "date_to=2026-10-31&date_from=2026-10-01"
            )
        )
        run = self.env["immex.report.run"].search([("for_authority", "=", True)])
        self.assertEqual(
            (len(run), run.state, run.company_id), (1, "waiting", self.company)
        )
        run.job_id._run_now()
        page = self._page(path)
        self.assertEqual(self._rows(page), rows)
        self.assertEqual(page.xpath("//tfoot//text()"), whole.xpath("//tfoot//text()"))
        response = self.url_open(xlsx)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        look = self.env["immex.access.log"].search([], limit=1)
        self.assertEqual(look.sha256, hashlib.sha256(response.content).hexdigest())
        self.assertEqual(look.row_count, len(rows))
        # forth and back, two rows a page
        with patch.object(authority_rows, "PAGE", 2):
            forth = self._walk(path, WORDS["next"][0])
            self.assertEqual([row for rows_ in forth for row in rows_], rows)
            start = self._link(self._page(path), WORDS["last"][0])
            back = self._walk(start, WORDS["previous"][0])
            self.assertEqual([row for rows_ in back[::-1] for row in rows_], rows)
            found = self._rows(self._page(f"{path}&part=MAT-1"))
            self.assertEqual(len(found), 2)
        # read again: a run of its own, the old one stays
        self._page(f"{path}&again=1")
        self.assertEqual(run.search_count([("for_authority", "=", True)]), 2)
        # no more than three at once
        for code in ("entradas", "salidas"):
            self._page(f"{HOME}/reporte/{code}?{OCTOBER}")
        page = self._page(f"{HOME}/reporte/materiales?{OCTOBER}")
        self.assertIn(WORDS["too_many"][0], page.text_content())

    def test_a_long_report_that_fails(self):
        self.env["ir.config_parameter"].set_param("immex_reports.inline_rows", "0")
        path = f"{HOME}/reporte/salidas?{OCTOBER}"
        self._page(path)
        run = self.env["immex.report.run"].search([("for_authority", "=", True)])
        run.job_id._finish("failed", "x")
        page = self._page(path)
        self.assertIn(WORDS["failed"][0], page.text_content())
        self.assertEqual(run.search_count([("for_authority", "=", True)]), 1)

    def _link(self, page, text):
        found = page.xpath(f"//nav//a[text()='{text}']/@href")
        return f"{HOME}/reporte/descargos{found[0]}" if found else None

    def _walk(self, path, text):
        """Rows of each page, from link to link."""
        pages = []
        while path:
            page = self._page(path)
            pages.append(self._rows(page))
            self.assertLess(len(pages), 50)
            path = self._link(page, text)
        return pages

    # words --------------------------------------------------------------------------
    def test_both_languages(self):
        page = self._page(HOME)
        self.assertIn(WORDS["index_help"][0], page.text_content())
        page = self._page(f"{HOME}/reporte/saldos?date_to=2026-10-31&lengua=en")
        heads = page.xpath("//th/text()")
        self.assertIn("Tariff Item", heads)
        self.assertIn("As of 31/10/2026", page.text_content())
        self.assertIn(REPORTS["saldos"].title, page.text_content())
        # it stays, and leads back
        page = self._page(HOME)
        self.assertIn(WORDS["index_help"][1], page.text_content())
        self.assertTrue(page.xpath("//a[text()='Español']"))
        self._page(f"{HOME}?lengua=xx")

    def test_every_label_has_its_english(self):
        for detail in DETAILS.values():
            tables = (detail.head, *detail.tables)
            for column in (c for table in tables for c in table.columns):
                known = column.english != column.label or column.label in LABELS
                self.assertTrue(known or column.label in SAME, column.label)
            for text in (detail.title, *(table.title for table in detail.tables)):
                self.assertTrue(text in LABELS or text in SAME, text)
        for table in FOUND_PEDIMENTOS, FOUND_GOODS:
            self.assertTrue(table.title in LABELS or table.title == "Pedimentos")
        for report in REPORTS.values():
            self.assertTrue(report.english, report.code)

    def test_company_and_cut_off_on_every_page(self):
        layer = self.env["immex.layer"].search([], limit=1)
        for path in (
            HOME,
            f"{HOME}/buscar",
            f"{HOME}/sellos",
            f"{HOME}/capa/{layer.id}",
            f"{HOME}/reporte/saldos?date_to=2026-10-31",
        ):
            head = self._page(path).xpath("//header")[0].text_content()
            for text in (self.company.name, "ADN150203AB1", "1234-2019", "Corte"):
                self.assertIn(text, head, path)

    def test_seals(self):
        page = self._page(f"{HOME}/sellos")
        self.assertIn(WORDS["no_seals"][0], page.text_content())
        self.env["immex.period.seal"]._close(self.company, date(2026, 10, 31))
        seal = self.env["immex.period.seal"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertIn(seal.sha256, self._page(f"{HOME}/sellos").text_content())
        page = self._page(f"{HOME}/reporte/saldos?date_to=2026-10-31")
        self.assertIn(seal.sha256, page.text_content())

    # the log ------------------------------------------------------------------------
    def test_what_came_of_a_look(self):
        response = self.url_open(f"{HOME}/reporte/entradas/xml?{OCTOBER}")
        look = self.env["immex.access.log"].search([], limit=1)
        self.assertEqual(look.kind, "file")
        self.assertEqual(look.sha256, hashlib.sha256(response.content).hexdigest())
        self.assertGreater(look.row_count, 1)
        self.assertEqual(look.address, "127.0.0.1")
        page = self._page(f"{HOME}/reporte/entradas?{OCTOBER}")
        again = self.env["immex.access.log"].search([], limit=1)
        self.assertEqual((again.kind, again.sha256), ("page", False))
        self.assertEqual(again.row_count, len(self._rows(page)))

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_model")
    def test_nobody_edits_the_log(self):
        self._page(HOME)
        look = self.env["immex.access.log"].search([], limit=1)
        for group in ("group_manager", "group_administrator"):
            boss = new_test_user(
                self.env,
                group,
                groups=f"immex_compliance.{group}",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            theirs = look.with_user(boss)
            self.assertEqual(theirs.read(["path"])[0]["path"], HOME)
            for act in (
                lambda own: own.write({"path": "/"}),
                lambda own: own.unlink(),
                lambda own: own.copy(),
                lambda own: own.create(
                    {"user_id": own.env.uid, "company_id": self.company.id, "path": "/"}
                ),
            ):
                with self.assertRaises(UserError):
                    act(theirs)
        for statement in (
            "UPDATE immex_access_log SET path = '/' WHERE id = %s",
            "UPDATE immex_access_log SET row_count = 7 WHERE id = %s",
            "DELETE FROM immex_access_log WHERE id = %s",
        ):
            with self.subTest(statement=statement):
                with self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
                    self.env.cr.execute(statement, (look.id,))

    def test_several_users_of_the_authority(self):
        """Each its own access and its own looks; one that goes leaves the other."""
        other = new_test_user(
            self.env,
            "sat_second",
            groups="immex_compliance.group_authority",
            password="sat_second_pass",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.access.copy({"user_id": other.id})
        self._page(HOME)
        self.authenticate("sat_second", "sat_second_pass")
        self._page(f"{HOME}/sellos")
        looks = self.env["immex.access.log"].search([], limit=2)
        self.assertEqual(looks.mapped("user_id.login"), ["sat_second", "sat_auditor"])
        self.access.unlink()
        self._page(HOME)
        self.authenticate("sat_auditor", "sat_auditor_pass")
        self._page(HOME, 403)
