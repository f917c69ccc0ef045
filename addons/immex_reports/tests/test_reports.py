# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import ast
import logging
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..definitions import REPORTS, SUBJECTS
from ..definitions.base import NUMERIC
from ..models.immex_report_result import model_name
from ..renderers.pdf import text_of as printed_text
from .common import ReportCase
from .pure import libreoffice_readback as libreoffice
from .pure.reports_readback import (
    HEAD_ROWS,
    cell_of,
    cell_of_xml,
    cell_read,
    comparable,
    digits,
    formulas,
    read_xlsx,
    read_xml,
)

_logger = logging.getLogger(__name__)
SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"


def xml_text(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@tagged("post_install", "-at_install")
class TestReports(ReportCase):
    """Every report, read back in its three forms and compared cell by cell."""

    def _exported(self, code, folder, **params):
        period = {"date_from": "2026-10-01", "date_to": "2026-10-31", **params}
        return self.env["immex.report.run"]._export(self.company, code, period, folder)

    def test_three_outputs_agree(self):
        self._everything()
        folder = self.enterContext(TemporaryDirectory())
        books = {}
        for code, report in REPORTS.items():
            with self.subTest(report=code):
                written = self._exported(code, folder)
                run = self.env["immex.report.run"].search([], limit=1)
                paths = {path.suffix: path for path, _size, _rows in written}
                exact = list(run._rows())
                self.assertTrue(exact, "the month has rows for every report")
                self.assertEqual({rows for _p, _s, rows in written}, {len(exact)})
                self.assertEqual(
                    [path.stat().st_size for path, _s, _r in written],
                    [size for _p, size, _r in written],
                )
                self._check_screen(run, report, exact)
                self._check_xlsx(report, exact, paths[".xlsx"])
                self._check_xml(report, exact, paths[".xml"])
                self._check_pdf(report, exact, paths[".pdf"])
                books[report] = paths[".xlsx"], paths[".xml"]
        self._check_libreoffice(books, folder)

    def _check_pdf(self, report, exact, path):
        """Every figure and every date is on paper."""
        said = "".join(
            "".join(page.extract_text().split()) for page in PdfReader(path).pages
        )
        self.assertIn("".join(report.title.split()), said)
        for row in exact:
            for column, value in zip(report.columns, row, strict=True):
                if value is not None and column.type in ("date", *NUMERIC):
                    self.assertIn(printed_text(column, value), said)

    def _check_libreoffice(self, books, folder):
        """The workbooks as LibreOffice opens them, cell by cell with the XML."""
        if not libreoffice.SOFFICE:
            _logger.info("LibreOffice is not installed: openpyxl alone read the books")
            return
        seen = libreoffice.convert([book for book, _xml in books.values()], folder)
        for (report, (_book, xml)), saved in zip(books.items(), seen, strict=True):
            with self.subTest(report=report.code, by="LibreOffice"):
                head, rows = libreoffice.rows_of(saved, len(report.columns), HEAD_ROWS)
                self.assertEqual(head[0][0], report.title)
                self.assertEqual(head[-1], [column.label for column in report.columns])
                _head, told, totals, _count = read_xml(report, xml)
                if report.totals:
                    foot = rows.pop()
                    for column, value in zip(report.columns, foot, strict=True):
                        if column.total:
                            told_total = Decimal(totals[column.name])
                            self.assertEqual(digits(value), digits(told_total))
                self.assertEqual(len(rows), len(told))
                for row, line in zip(rows, told, strict=True):
                    self.assertEqual(
                        [comparable(cell) for cell in row],
                        [
                            cell_of_xml(column, text)
                            for column, text in zip(report.columns, line, strict=True)
                        ],
                    )

    def _total(self, exact, position):
        """Sum with the decimals of its terms, those of a zero too."""
        values = (row[position] for row in exact)
        return sum((v for v in values if v is not None), Decimal(0))

    def _check_screen(self, run, report, exact):
        action = run.action_screen()
        lines = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(lines), len(exact))
        for line, values in zip(lines, exact, strict=True):
            for column, value in zip(report.columns, values, strict=True):
                shown = line[column.name]
                if column.numeric:
                    self.assertEqual(shown, float(value or 0), column.name)
                elif column.type == "integer":
                    self.assertEqual(shown, value or 0, column.name)
                else:
                    self.assertEqual(shown or None, value or None, column.name)
        for column in report.totals:
            total = sum(
                (row[report.columns.index(column)] or 0 for row in exact), Decimal(0)
            )
            [[shown]] = lines._read_group(
                [("run_id", "=", run.id)], [], [f"{column.name}:sum"]
            )
            self.assertEqual(f"{shown:.2f}", f"{total:.2f}")

    def _check_xlsx(self, report, exact, path):
        head, rows, totals, _sheets = read_xlsx(report, path)
        self.assertEqual(head[0], report.title)
        self.assertEqual(head[1], "Arneses del Norte  RFC ADN150203AB1")
        self.assertEqual(head[2], "Programa IMMEX 1234-2019")
        for row, values in zip(rows, exact, strict=True):
            self.assertEqual(
                [cell_read(c, v) for c, v in zip(report.columns, row, strict=True)],
                [cell_of(c, v) for c, v in zip(report.columns, values, strict=True)],
            )
        for position, column in enumerate(report.columns):
            if column.total:
                total = self._total(exact, position)
                self.assertEqual(
                    cell_read(column, totals[column.name]), cell_of(column, total)
                )
        self.assertEqual(len(formulas(path)), len(report.totals))

    def _check_xml(self, report, exact, path):
        schema = etree.XMLSchema(etree.parse(SCHEMAS / f"{report.code}.xsd"))
        schema.assertValid(etree.parse(path))
        head, rows, totals, count = read_xml(report, path)
        self.assertEqual(head["rfc"], "ADN150203AB1")
        self.assertEqual(head["programaImmex"], "1234-2019")
        self.assertEqual(rows, [tuple(map(xml_text, row)) for row in exact])
        self.assertEqual(count, len(exact))
        for position, column in enumerate(report.columns):
            if column.total:
                total = self._total(exact, position)
                self.assertEqual(totals[column.name], f"{total:f}")

    # what the reports say ---------------------------------------------------------
    def _values(self, code, *names, **params):
        run = self.env["immex.report.run"].create(
            {
                "company_id": self.company.id,
                "code": code,
                "date_from": "2026-10-01",
                "date_to": "2026-10-31",
                **params,
            }
        )
        run._fill()
        columns = [column.name for column in REPORTS[code].columns]
        return [
            tuple(row[columns.index(name)] for name in names) for row in run._rows()
        ]

    def test_entries(self):
        self._month()
        self.assertEqual(
            self._values("entradas", "clave", "numero_parte", "cantidad_umc", "clase"),
            [
                ("IN", "MAT-1", Decimal("100.000"), "Material"),
                ("IN", "MAT-1", Decimal("60.000"), "Material"),
            ],
        )
        self.assertFalse(
            self._values(
                "entradas", "clave", date_from="2026-11-01", date_to="2026-11-30"
            )
        )

    def test_exits_are_official_ones(self):
        self._month()
        self.assertEqual(
            self._values(
                "salidas", "clave", "tipo", "numero_parte", "cantidad", "aviso"
            ),
            [
                ("RT", "Retorno", "FIN-1", Decimal("50.000000"), None),
                ("ACTA", "Destrucción", "MAT-1", Decimal("4.000000"), "AVISO-1"),
            ],
        )
        self.assertEqual(
            self._values("sin_documento", "numero_parte", "cantidad"),
            [("FIN-1", Decimal("5.000000"))],
        )

    def test_balance_at_the_cut_off(self):
        """Before the return everything is there; after it, what is left by PEPS."""
        self._month()
        names = ("saldo", "saldo_umt", "saldo_usd", "vencido")
        self.assertEqual(
            self._values("saldos", *names, date_to="2026-10-12"),
            [
                (Decimal("100.000000"), Decimal("100.00000"), Decimal("200.00"), False),
                (Decimal("60.000000"), Decimal("60.00000"), Decimal("120.00"), False),
            ],
        )
        # 100 incorporated and 5 merma left, and 4 of waste by the act
        self.assertEqual(
            self._values("saldos", *names),
            [(Decimal("51.000000"), Decimal("51.00000"), Decimal("102.00"), False)],
        )
        [(_s, _t, _u, expired)] = self._values("saldos", *names, date_to="2036-10-31")
        self.assertTrue(expired)

    def test_entries_less_discharges_are_balances(self):
        self._month()
        entries = sum(v for (v,) in self._values("entradas", "valor_usd"))
        discharges = sum(v for (v,) in self._values("descargos", "valor_usd"))
        balances = sum(v for (v,) in self._values("saldos", "saldo_usd"))
        self.assertEqual(entries - discharges, balances)
        self.assertTrue(discharges)

    def test_discharges(self):
        self._month()
        rows = self._values("descargos", "clave_salida", "material", "tipo", "cantidad")
        kinds = {}
        for _key, _material, kind, quantity in rows:
            kinds[kind] = kinds.get(kind, 0) + quantity
        self.assertEqual(
            kinds,
            {
                "Incorporado": Decimal(100),
                "Merma": Decimal(5),
                "Desperdicio": Decimal(4),
            },
        )

    def test_materials_used(self):
        self._month()
        self.assertEqual(
            self._values(
                "materiales",
                "producto",
                "material",
                "consumido",
                "incorporado",
                "merma",
                "desperdicio",
            ),
            [
                (
                    "FIN-1",
                    "MAT-1",
                    Decimal("126.500000"),
                    Decimal("110.000000"),
                    Decimal("5.500000"),
                    Decimal("11.000000"),
                )
            ],
        )
        self.assertEqual(
            self._values("desperdicio", "material", "generado", "salido", "pendiente"),
            [("MAT-1", Decimal("11.000000"), Decimal("4.000000"), Decimal("7.000000"))],
        )

    def test_as_known_at_an_earlier_run(self):
        """A rectified import changes what is in force, not what a run knew."""
        self._month()
        first = self._run()
        before = self._values("descargos", "pedimento_entrada", "cantidad")
        late = self._pedimento("IN", "1", "2026-09-28", [(self.material, 30)])
        self._run()
        now = self._values("descargos", "pedimento_entrada", "cantidad")
        self.assertIn((late.number, Decimal("30.000000")), now)
        self.assertEqual(
            self._values(
                "descargos", "pedimento_entrada", "cantidad", known_run_id=first.id
            ),
            before,
        )

    def test_files_agree_with_the_screen_after_the_books_changed(self):
        self._month()
        run = self._new_run("entradas")
        run._fill()
        before = list(run._rows())
        self._pedimento("IN", "1", "2026-10-20", [(self.material, 7)])
        self.assertEqual(list(run._rows()), before)
        run.action_recompute()
        self.assertEqual(len(list(run._rows())), len(before) + 1)

    def test_hostile_text(self):
        """A part's text is text in every output."""
        self._month()
        bad = '=HYPERLINK("http://x")&<b>\x01'
        goods = self.env["immex.pedimento.goods"].search(
            [
                ("company_id", "=", self.company.id),
                ("pedimento_id.operation_type", "=", "1"),
            ],
            limit=1,
        )
        goods.description = bad
        with TemporaryDirectory() as folder:
            written = self._exported("entradas", folder)
            report = REPORTS["entradas"]
            paths = {path.suffix: path for path, _size, _rows in written}
            place = [c.name for c in report.columns].index("descripcion")
            clean = bad.replace("\x01", "\N{REPLACEMENT CHARACTER}")
            rows = read_xlsx(report, paths[".xlsx"])[1]
            self.assertIn(clean, [row[place] for row in rows])
            self.assertEqual(len(formulas(paths[".xlsx"])), 2)
            self.assertIn(
                clean, [row[place] for row in read_xml(report, paths[".xml"])[1]]
            )

    # screens ----------------------------------------------------------------------
    def test_views_of_every_report(self):
        self._everything()
        for code, report in REPORTS.items():
            with self.subTest(report=code):
                run = self._new_run(code)
                action = run.action_screen()
                model = self.env[action["res_model"]]
                views = model.get_views(
                    [(False, "list"), (False, "form"), (False, "search")]
                )
                shown = etree.fromstring(views["views"]["list"]["arch"])
                names = {node.get("name") for node in shown.iter("field")}
                self.assertTrue({column.name for column in report.columns} <= names)
                line = model.search(action["domain"], limit=1)
                for column in report.records:
                    opened = line.with_context(
                        immex_column=column.name
                    ).action_open_document()
                    if line[f"{column.name}_ref"]:
                        self.assertEqual(opened["res_model"], column.record)
                        self.assertEqual(
                            opened["res_id"], line[column.record_column].id
                        )
                self.assertFalse(
                    line.with_context(immex_column="run_id").action_open_document()
                )

    def test_a_report_is_chosen_by_subject(self):
        self.env["res.lang"]._activate_lang("es_MX")
        for model in ("immex.report.run", "immex.report.delivery"):
            for lang in ("en_US", "es_MX"):
                view = (
                    self.env[model].with_context(lang=lang).get_view(view_type="form")
                )
                (field,) = etree.fromstring(view["arch"]).xpath(
                    "//field[@widget='immex_report_choice']"
                )
                subjects = ast.literal_eval(field.get("options"))["subjects"]
                self.assertEqual(
                    [name for name, _codes in subjects],
                    [s.title if lang == "es_MX" else s.english for s in SUBJECTS],
                )
                chosen = [code for _name, codes in subjects for code in codes]
                self.assertEqual(sorted(chosen), sorted(REPORTS))
                selection = self.env[model]._fields["code"]._description_selection
                self.assertEqual([code for code, _t in selection(self.env)], chosen)

    def test_kept_files(self):
        self._month()
        run = self._new_run("saldos")
        run.action_keep()
        self.assertEqual(
            sorted(run.attachment_ids.mapped("name")),
            [f"saldos_ADN150203AB1_20261031.{kind}" for kind in ("pdf", "xlsx", "xml")],
        )
        with self.assertRaises(UserError):
            run.date_to = "2026-11-30"
        with self.assertRaises(UserError):
            run.action_recompute()
        other = self._new_run("saldos")
        self.env.cr.execute(
            "UPDATE immex_report_run SET create_date = now() - interval '90 days'"
        )
        run._gc_runs()
        self.assertTrue(run.exists())
        self.assertFalse(other.exists())

    def test_wrong_periods(self):
        with self.assertRaises(ValidationError):
            self._new_run("entradas", date_from="2026-11-01")
        with self.assertRaises(ValidationError):
            self._new_run("entradas", date_from=False)
        self.assertTrue(self._new_run("saldos", date_from=False))

    # rights -----------------------------------------------------------------------
    def test_rows_of_another_company_and_of_another_user(self):
        self._month()
        run = self._new_run("saldos")
        run._fill()
        model = model_name(REPORTS["saldos"])
        reader = new_test_user(
            self.env,
            "reports_reader",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        other = self.env["res.company"].create({"name": "Otra"})
        stranger = new_test_user(
            self.env,
            "reports_stranger",
            groups="immex_compliance.group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for user in (reader, stranger):
            with self.subTest(user=user.login):
                as_user = self.env(user=user, context={})
                self.assertFalse(as_user[model].search([("run_id", "=", run.id)]))
                with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                    run.with_env(as_user).read(["code"])
        own = self.env(user=reader, context={})["immex.report.run"].create(
            {"code": "saldos", "date_to": "2026-10-31", "company_id": self.company.id}
        )
        own._fill()
        self.assertEqual(own.row_count, run.row_count)
        with self.assertRaises(AccessError):
            self.env(user=stranger, context={})["immex.report.run"].create(
                {
                    "code": "saldos",
                    "date_to": "2026-10-31",
                    "company_id": self.company.id,
                }
            )
        rows = self.env[model].with_user(reader).search([("run_id", "=", own.id)])
        with self.assertRaises(AccessError):
            rows.write({"saldo": 1})

    def test_another_company_s_books_stay_out(self):
        self._month()
        other = self.env["res.company"].create({"name": "Otra"})
        for code in REPORTS:
            run = self.env["immex.report.run"].create(
                {
                    "company_id": other.id,
                    "code": code,
                    "date_from": "2026-10-01",
                    "date_to": "2026-10-31",
                }
            )
            run._fill()
            self.assertEqual(run.row_count, 0, code)
