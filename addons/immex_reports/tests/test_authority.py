# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
import re
import xmlrpc.client
from decimal import Decimal
from unittest.mock import patch

from lxml import etree, html
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..definitions import REPORTS, SUBJECTS
from ..models import reading
from .authority_case import AuthorityCase
from .pure.reports_readback import read_xlsx, read_xml

HOME = "/immex/authority"
OCTOBER = "date_from=2026-10-01&date_to=2026-10-31"


@tagged("post_install", "-at_install")
class TestAuthority(AuthorityCase):
    """The authority sees the reports of one company and nothing else."""

    def _get(self, path, status=200, **options):
        response = self.url_open(path, **options)
        self.assertEqual(response.status_code, status, f"{path}: {response.text[:300]}")
        return response

    def _page(self, path):
        text = self._get(path).text
        self.assertNotIn("Column(", text, "a definition shows on the page")
        return html.fromstring(text)

    def _log_in(self):
        self._month()
        self.authenticate("sat_auditor", "sat_auditor_pass")

    # what it reads ------------------------------------------------------------------
    def test_reports_and_drill_down(self):
        self._log_in()
        index = self._page(HOME)
        titles = " ".join(index.itertext())
        for report in REPORTS.values():
            self.assertEqual(report.title in titles, report.official)
        # by subject, each with a heading; what is not for the authority has none
        sections = index.xpath("//main/section")
        self.assertEqual(
            [section.get("aria-label") for section in sections],
            [s.title for s in SUBJECTS if any(REPORTS[c].official for c in s.codes)],
        )
        self.assertEqual(
            len(index.xpath("//main/section/form")),
            sum(report.official for report in REPORTS.values()),
        )
        self.assertIn("ADN150203AB1", titles)
        self.assertIn("1234-2019", titles)
        # exit -> discharges -> layer -> import pedimento -> lines of the file
        page = self._page(f"{HOME}/reporte/salidas?{OCTOBER}")
        pedimento = page.xpath("//tbody//a[contains(@href, '/pedimento/')]/@href")[0]
        page = self._page(pedimento)
        exit_link = page.xpath("//a[contains(@href, '/salida/')]/@href")[0]
        page = self._page(exit_link)
        self.assertTrue(page.xpath("//a[contains(@href, '/orden/')]"))
        layer = page.xpath("//a[contains(@href, '/capa/')]/@href")[0]
        page = self._page(layer)
        imported = page.xpath("//a[contains(@href, '/pedimento/')]/@href")[0]
        self.assertNotEqual(imported, pedimento)
        self.env["immex.pedimento.record"].create(
            {
                "pedimento_id": int(imported.rsplit("/", 1)[1]),
                "company_id": self.company.id,
                "line": 2,
                "record_type": "501",
                "text": "501|<b>6000001",
            }
        )
        page = self._page(imported)
        self.assertIn("501|<b>6000001", " ".join(page.itertext()))
        order = self._page(exit_link).xpath("//a[contains(@href, '/orden/')]/@href")[0]
        self.assertIn("126.500000", " ".join(self._page(order).itertext()))

    def test_every_official_report_and_its_files(self):
        self._everything()
        self.authenticate("sat_auditor", "sat_auditor_pass")
        for code, report in REPORTS.items():
            with self.subTest(report=code):
                path = f"{HOME}/reporte/{code}"
                if not report.official:
                    self._get(f"{path}?{OCTOBER}", 404)
                    continue
                page = self._page(f"{path}?{OCTOBER}")
                shown = page.xpath("//tbody/tr")
                run = self._new_run(code)
                run._fill()
                self.assertEqual(len(shown), run.row_count)
                self.assertTrue(shown)
                data = self._get(f"{path}/xml?{OCTOBER}").content
                _h, rows, totals, count = read_xml(report, io.BytesIO(data))
                stream = io.BytesIO()
                run._render("xml", stream)
                self.assertEqual(data, stream.getvalue())
                self.assertEqual(count, run.row_count)
                foot = " ".join(page.xpath("//tfoot//text()"))
                for name, total in totals.items():
                    (column,) = (c for c in report.totals if c.name == name)
                    shown = f"{Decimal(total):,.{column.decimals}f}"
                    self.assertIn(shown, foot)
                    self.assertEqual(Decimal(shown.replace(",", "")), Decimal(total))
                response = self._get(f"{path}/xlsx?{OCTOBER}")
                self.assertIn("attachment", response.headers["Content-Disposition"])
                _h, cells, _t, _s = read_xlsx(report, io.BytesIO(response.content))
                self.assertEqual(len(cells), len(rows))
                data = self._get(f"{path}/pdf?{OCTOBER}").content
                first = PdfReader(io.BytesIO(data)).pages[0].extract_text()
                self.assertIn("ADN150203AB1", first)

    def test_files_that_are_not_made_in_a_request(self):
        self._log_in()
        path = f"{HOME}/reporte/descargos"
        self.env["ir.config_parameter"].set_param("immex_reports.print_rows", "1")
        response = self._get(f"{path}/pdf?{OCTOBER}", 400)
        self.assertIn("no se imprime", response.text)
        self._get(f"{path}/xml?{OCTOBER}")
        # others have taken the places
        with patch.object(reading, "PLACES", 0):
            response = self._get(f"{path}/xml?{OCTOBER}", 503)
        self.assertIn("Retry-After", response.headers)

    def test_pages_and_dates(self):
        self._log_in()
        path = f"{HOME}/reporte/entradas"
        self.assertFalse(self._page(f"{path}?{OCTOBER}&page=9").xpath("//tbody/tr"))
        self.assertTrue(self._page(f"{path}?{OCTOBER}&page=-1").xpath("//tbody/tr"))
        self._get(f"{path}?{OCTOBER}&page={'9' * 30}")
        for query in (
            "date_from=2026-10-31&date_to=2026-10-01",
            "date_from=yesterday",
            "date_to=2026-02-30",
        ):
            self.assertIn("alert", self._get(f"{path}?{query}", 400).text)
            self._get(f"{path}/xml?{query}", 400)
        self._get(f"{path}/exe?{OCTOBER}", 404)
        self._get(f"{HOME}/reporte/nada?{OCTOBER}", 404)

    def test_hostile_parameters(self):
        """Whatever a link holds: a page, or a refusal that one can read."""
        self._log_in()
        path = f"{HOME}/reporte/entradas"
        many = "9" * 5000
        for tail in (
            f"?{OCTOBER}&page={many}",
            f"?{OCTOBER}&page=%C2%B2",
            f"?{OCTOBER}&page=%00",
            f"?{OCTOBER}&after={many}&before={many}&again={many}",
            f"?{OCTOBER}&pedimento={many}%00%25_%5C&part=%27--&lengua=%00",
            "?date_from=%00&date_to=%00",
            "?date_from=0001-01-01&date_to=9999-12-31",
            f"?date_from={many}",
            f"?{OCTOBER}&{many}={many}",
            "%00",
            "%00/xml",
            "/xml%00",
            "/..%2f..%2fxml",
            "%FF%FE",
            f"/xml?date_from={many}",
        ):
            with self.subTest(tail=tail[:60]):
                self.assertLess(self.url_open(path + tail).status_code, 500)
        # what the database cannot write is logged all the same
        looks = self.env["immex.access.log"]
        look = looks._note(self.user, self.company, f"{path}\0", "q=\0")
        self.assertEqual(looks.browse(look).path, f"{path}%00")
        for tail in (many, "-1", "1e3", "0"):
            for page in ("pedimento", "salida", "capa", "orden", "destruccion"):
                with self.subTest(page=page, tail=tail[:20]):
                    response = self.url_open(f"{HOME}/{page}/{tail}")
                    self.assertIn(response.status_code, (400, 404))
        for query in ("%00%00%00%00", many, "%25%25%25", "%5C%5C%5C", "%FF%FE%FD"):
            with self.subTest(query=query[:20]):
                self._get(f"{HOME}/buscar?q={query}")
        self._get(f"{HOME}/sellos?company_id=1&allowed_company_ids=[1]")
        for day in ("0001-01-01", "9999-12-31"):
            for report in REPORTS.values():
                if report.official:
                    with self.subTest(report=report.code, day=day):
                        query = f"date_from={day}&date_to={day}"
                        self._get(f"{HOME}/reporte/{report.code}?{query}")
                        self._get(f"{HOME}/reporte/{report.code}/xml?{query}")

    # what it does not ---------------------------------------------------------------
    def test_other_company_s_documents(self):
        self._month()
        mine = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        order = self.env["immex.production.layer"].search([], limit=1).production_id
        other = self.env["res.company"].create({"name": "Otra"})
        self.access.company_id = other
        self.authenticate("sat_auditor", "sat_auditor_pass")
        self._get(f"{HOME}/pedimento/{mine.id}", 404)
        self._get(f"{HOME}/orden/{order.id}", 404)
        for model, page in (
            ("immex.exit.line", "salida"),
            ("immex.layer", "capa"),
            ("immex.destruction", "destruccion"),
        ):
            for record in self.env[model].search([]):
                self._get(f"{HOME}/{page}/{record.id}", 404)
        self._get(f"{HOME}/pedimento/{2**40}", 404)
        self._get(f"{HOME}/usuario/1", 404)
        for report in REPORTS.values():
            if report.official:
                page = self._page(f"{HOME}/reporte/{report.code}?{OCTOBER}")
                self.assertFalse(page.xpath("//tbody/tr"))

    def test_provisional_exits_have_no_page(self):
        self._log_in()
        for line in self.env["immex.exit.line"].search([("official", "=", False)]):
            self._get(f"{HOME}/salida/{line.id}", 404)

    def test_nothing_else_of_the_database(self):
        self._log_in()
        run = self._new_run("saldos")
        run._fill()
        for path in ("/", "/my", "/odoo", "/web"):
            self.assertTrue(self._get(path).url.endswith(HOME), path)
        for path in (
            "/odoo/apps",
            "/my/account",
            "/my/security",
            f"/immex/report/{run.id}/xml",
            "/immex/upload",
            "/web/content/1",
            "/web/image/res.users/2/image_128",
            "/web/session/modules",
        ):
            response = self.url_open(path)
            if not response.url.endswith(HOME):
                self.assertIn(response.status_code, range(400, 500), path)

    def test_remote_calls(self):
        self._log_in()
        for model in ("immex.layer", "stock.move", "res.partner", "res.users"):
            answer = self.url_open(
                "/web/dataset/call_kw",
                json={
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": "search_read",
                        "args": [[], ["display_name"]],
                        "kwargs": {},
                    },
                },
            )
            self.assertNotIn("result", answer.text[:200], model)
            self.assertTrue(answer.status_code == 403 or "error" in answer.json())

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_no_right_on_any_model_of_ours(self):
        self._month()
        asked = 0
        for model in (name for name in self.env if name.startswith("immex.")):
            if self.env[model]._abstract:
                continue
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.user).search_read([], ["id"])
            asked += 1
        self.assertGreater(asked, 40)

    @mute_logger("odoo.http", "odoo.service.model")
    def test_xml_rpc(self):
        """Not even what portal users may read, like a subcontractor's orders."""
        for model in ("res.users", "stock.picking", "mrp.production", "immex.layer"):
            with self.subTest(model=model), self.assertRaises(xmlrpc.client.Fault):
                self.xmlrpc_object.execute_kw(
                    self.env.cr.dbname,
                    self.user.id,
                    "sat_auditor_pass",
                    model,
                    "search_read",
                    [[], ["id"]],
                )

    def test_who_may_not(self):
        """No access, an access that ended, an internal user, nobody."""
        self._log_in()
        self.access.write({"valid_to": "2026-01-31"})
        self._get(HOME, 403)
        # and the session ended with it
        response = self.url_open(HOME, allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])
        self.authenticate("sat_auditor", "sat_auditor_pass")
        self._get(f"{HOME}/reporte/saldos?{OCTOBER}", 403)
        new_test_user(
            self.env,
            "customs_boss",
            groups="immex_compliance.group_administrator",
            password="customs_boss_pass",
        )
        self.authenticate("customs_boss", "customs_boss_pass")
        self._get(HOME, 403)
        new_test_user(
            self.env,
            "plain_portal",
            groups="base.group_portal",
            password="plain_portal_pass",
        )
        self.authenticate("plain_portal", "plain_portal_pass")
        self._get(HOME, 403)
        self._get("/my/home")
        self.authenticate(None, None)
        response = self.url_open(HOME, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_nothing_is_written(self):
        """Reading leaves every table of ours as it was but the log."""
        self._log_in()
        tables = [
            self.env[name]._table
            for name in self.env
            if name.startswith("immex.")
            and not self.env[name]._abstract
            and name != "immex.access.log"
        ]

        def counts():
            self.env.flush_all()
            found = {}
            for table in tables:
                self.env.cr.execute(f'SELECT count(*) FROM "{table}"')
                found[table] = self.env.cr.fetchone()
            return found

        before = counts()
        for report in REPORTS.values():
            if report.official:
                self._get(f"{HOME}/reporte/{report.code}?{OCTOBER}")
                self._get(f"{HOME}/reporte/{report.code}/xlsx?{OCTOBER}")
        self.assertEqual(counts(), before)

    # the log --------------------------------------------------------------------------
    def test_every_look_is_logged(self):
        self._log_in()
        log = self.env["immex.access.log"]
        self._get(HOME)
        self._get(f"{HOME}/reporte/saldos?{OCTOBER}")
        self._get(f"{HOME}/reporte/saldos/xml?{OCTOBER}")
        looks = log.search([("user_id", "=", self.user.id)], order="id")
        self.assertEqual(
            looks.mapped("path"),
            [
                HOME,
                f"{HOME}/reporte/saldos",
                f"{HOME}/reporte/saldos/xml",
            ],
        )
        self.assertEqual(looks[1].parameters, OCTOBER)
        self.assertEqual(looks.company_id, self.company)
        with self.assertRaises(UserError):
            looks[0].path = "/"
        with self.assertRaises(UserError):
            looks[0].unlink()

    def test_access_is_of_a_portal_user_and_one_company(self):
        with self.assertRaises(ValidationError):
            self.access.copy({"valid_from": "2026-06-01"})
        self.access.valid_to = "2026-05-31"
        self.access.copy({"valid_from": "2026-06-01", "valid_to": False})
        boss = new_test_user(
            self.env, "other_boss", groups="immex_compliance.group_administrator"
        )
        with self.assertRaises(ValidationError):
            self.env["immex.authority.access"].create({"user_id": boss.id})

    def test_the_letter_that_gives_the_access(self):
        """For managers of the company; with its data, and no password in it."""
        path = f"/immex/letter/{self.access.id}"
        other = self.env["res.company"].create({"name": "Otra"})
        for login, group, company, status in (
            ("letter_boss", "group_manager", self.company, 200),
            ("letter_clerk", "group_user", self.company, 404),
            ("letter_other", "group_manager", other, 404),
        ):
            with self.subTest(login=login):
                new_test_user(
                    self.env,
                    login,
                    groups=f"immex_compliance.{group}",
                    password=f"{login}_pass",
                    company_id=company.id,
                    company_ids=[(6, 0, company.ids)],
                )
                self.authenticate(login, f"{login}_pass")
                response = self._get(path, status)
        self.authenticate("letter_boss", "letter_boss_pass")
        response = self._get(self.access.action_letter()["url"])
        self.assertTrue(response.content.startswith(b"%PDF"))
        self.assertIn(
            "acceso_agace_ADN150203AB1", response.headers["Content-Disposition"]
        )
        letter = self.access._letter()
        self.assertEqual((letter.user, letter.program), ("sat_auditor", "1234-2019"))
        self.authenticate("sat_auditor", "sat_auditor_pass")
        self.assertFalse(self.url_open(path).content.startswith(b"%PDF"))
        self.company.vat = False
        with self.assertRaises(UserError):
            self.access.action_letter()

    def test_download_of_a_user(self):
        """The screens' own downloads: the owner's, in his companies, computed."""
        self._month()
        boss = new_test_user(
            self.env,
            "own_boss",
            groups="immex_compliance.group_user",
            password="own_boss_pass",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        mine = (
            self.env["immex.report.run"]
            .with_user(boss)
            .create(
                {
                    "code": "saldos",
                    "date_to": "2026-10-31",
                    "company_id": self.company.id,
                }
            )
        )
        self.authenticate("own_boss", "own_boss_pass")
        self._get(f"/immex/report/{mine.id}/xml", 404)
        url = mine.action_xml()["url"]
        response = self._get(url)
        root = etree.fromstring(response.content)
        self.assertEqual(root.get("titulo"), REPORTS["saldos"].title)
        name = response.headers["Content-Disposition"]
        self.assertTrue(re.search(r"saldos_ADN150203AB1_20261031\.xml", name), name)
        self._get(f"/immex/report/{mine.id}/exe", 404)
        # too large for a request: only as the file that the background made
        self.env["ir.config_parameter"].set_param("immex_reports.inline_rows", "0")
        self._get(url, 404)
        mine.action_xml()
        self._get(url, 404)
        mine.sudo().job_id._run_now()
        self.assertEqual(self._get(url).content, mine._file("xml").raw)
        theirs = self._new_run("saldos")
        theirs._fill()
        self._get(f"/immex/report/{theirs.id}/xml", 404)
