# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
from decimal import Decimal

from odoo.tests import tagged

from ..models.pedimento.file_issues import FileRefused
from .common import ImmexCase, m3_file, m3_partida, parts_file


def part(number, umc, umt, usd, **values):
    return {
        "numero_parte": number,
        "cantidad_umc": umc,
        "cantidad_umt": umt,
        "valor_usd": usd,
    } | values


@tagged("post_install", "-at_install")
class TestImportParts(ImmexCase):
    def setUp(self):
        super().setUp()
        content = m3_file(([m3_partida(), m3_partida(codigo_producto="TERM-01")], {}))
        self.pedimento = self._load("m3", content).file.pedimento_ids
        self.first, self.second = self.pedimento.partida_ids

    def _load(self, kind, content):
        files = self.env["immex.pedimento.file"]
        load = files._load_m3 if kind == "m3" else files._load_parts
        return load(self.company, io.BytesIO(content), f"{kind}.txt")

    def _refused(self, content):
        files = self.env["immex.pedimento.file"].search_count([])
        goods = self.env["immex.pedimento.goods"].search([]).mapped("write_date")
        with self.assertRaises(FileRefused) as caught:
            self._load("parts", content)
        self.assertEqual(self.env["immex.pedimento.file"].search_count([]), files)
        self.assertEqual(
            self.env["immex.pedimento.goods"].search([]).mapped("write_date"), goods
        )
        return [
            (issue.code, issue.line, issue.field_name)
            for issue in caught.exception.issues
            if issue.severity == "error"
        ]

    def test_parts_that_sum(self):
        result = self._load(
            "parts",
            parts_file(
                part("TERM-01", "60", "0.90000", "30.01", lote="L-7"),
                part("CONN-12", "40", "0.60000", "19.99", pais_origen="CHN"),
            ),
        )
        self.assertFalse(result.issues)
        self.assertEqual(self.first.detail_state, "done")
        self.assertEqual(self.pedimento.state, "ready")
        terminal, connector = self.first.goods_ids
        self.assertEqual(terminal.product_id, self.terminal)
        self.assertEqual(terminal.lot_name, "L-7")
        self.assertEqual(terminal.origin_country_id.code, "US")
        self.assertEqual(connector.origin_country_id.code, "CN")
        self.assertEqual(
            (terminal.source, terminal.file_id, terminal.source_line),
            ("part_file", result.file, 2),
        )
        self.assertEqual(
            self._exact(terminal, "customs_value", "quantity"),
            (Decimal("540.18"), Decimal(60)),
        )
        self.assertEqual(
            self._exact(terminal, "customs_value")
            + self._exact(connector, "customs_value"),
            Decimal(900),
        )

    def test_sums_to_the_last_digit(self):
        for lines, column in (
            ([("TERM-01", "99.999", "1.5", "50")], "cantidad_umc"),
            ([("TERM-01", "100", "1.50001", "50")], "cantidad_umt"),
            ([("TERM-01", "100", "1.5", "50.01")], "valor_usd"),
        ):
            with self.subTest(column=column):
                result = self._load("parts", parts_file(*(part(*li) for li in lines)))
                self.assertEqual(self.first.detail_state, "mismatch")
                self.assertEqual(
                    [(i.severity, i.line, i.field_name) for i in result.file.issue_ids],
                    [("warning", 2, column)],
                )
                self.assertEqual(self.pedimento.state, "incomplete")

    def test_stated_values_must_sum_too(self):
        lines = [
            part("TERM-01", "60", "0.9", "30", valor_aduana="700"),
            part("CONN-12", "40", "0.6", "20", valor_aduana="200.01"),
        ]
        self._load("parts", parts_file(*lines))
        self.assertEqual(self.first.detail_state, "mismatch")
        lines[1]["valor_aduana"] = "200"
        self._load("parts", parts_file(*lines))
        self.assertEqual(self.first.detail_state, "done")
        self.assertEqual(
            [self._exact(line, "customs_value") for line in self.first.goods_ids],
            [Decimal(700), Decimal(200)],
        )

    def test_part_file_takes_the_place_of_the_product_code(self):
        line = self.second.goods_ids
        self.assertEqual(line.source, "product_code")
        self._load(
            "parts",
            parts_file(
                part("CONN-12", "70", "1", "35", partida=2),
                part("TERM-01", "30", "0.5", "15", partida=2),
            ),
        )
        self.assertEqual(self.second.goods_ids[0], line)
        self.assertEqual(
            self.second.goods_ids.product_id, self.connector | self.terminal
        )
        self.assertEqual(set(self.second.goods_ids.mapped("source")), {"part_file"})
        self.assertEqual(self.second.detail_state, "done")
        # the other partida was not spoken of
        self.assertEqual(self.first.detail_state, "missing")

    def test_unknown_part_waits_and_is_resolved(self):
        self._load("parts", parts_file(part("WHO", "100", "1.5", "50")))
        self.assertEqual(self.first.detail_state, "unmapped")
        self.first.goods_ids.product_id = self.cable
        # metres against pieces: the company has to state the factor
        self.assertEqual(self.first.detail_state, "no_factor")
        self.env["immex.part.factor"].create(
            {
                "product_tmpl_id": self.cable.product_tmpl_id.id,
                "unit_id": self.unit_piece.id,
                "factor": 1,
                "part_quantity": 3,
            }
        )
        self.assertEqual(self.first.detail_state, "done")
        self.assertEqual(self._exact(self.first.goods_ids, "quantity"), Decimal(300))
        self.assertEqual(self.pedimento.state, "ready")

    def test_parts_before_their_pedimento(self):
        lines = parts_file(
            part("TERM-01", "100", "1.5", "50"),
            part("TERM-01", "1", "1", "1", pedimento="6000009"),
        )
        self.assertEqual(self._refused(lines), [("no_pedimento", 3, "pedimento")])
        self.assertEqual(self.first.detail_state, "missing")

    def test_bad_lines(self):
        good = part("TERM-01", "100", "1.5", "50")
        for change, code, column in (
            ({"partida": 9}, "no_partida", "partida"),
            ({"umc": "1"}, "other_umc", "umc"),
            ({"cantidad_umc": "0"}, "quantity", "cantidad_umc"),
            ({"pais_origen": "QQQ"}, "unknown_pais_origen", "pais_origen"),
            ({"cantidad_umc": "1e3"}, "not_decimal", "cantidad_umc"),
            ({"numero_parte": ""}, "field_empty", "numero_parte"),
        ):
            with self.subTest(code=code):
                self.assertEqual(
                    self._refused(parts_file(good | change)), [(code, 2, column)]
                )

    def test_repeated_sequence(self):
        lines = parts_file(
            part("TERM-01", "50", "0.7", "25", secuencia=1),
            part("TERM-01", "50", "0.8", "25", secuencia=1),
        )
        self.assertEqual(self._refused(lines), [("repeated", 3, "secuencia")])

    def test_not_a_part_file(self):
        self.assertEqual(self._refused(b"a,b\n1,2\n")[0][0], "columns_missing")
        self.assertEqual(self._refused(b"\x00\x01\x02")[0][0], "binary")
        self.assertEqual(self._refused(parts_file())[0][0], "empty")

    def test_same_file_again(self):
        content = parts_file(part("TERM-01", "100", "1.5", "50"))
        first = self._load("parts", content)
        stamp = self.first.goods_ids.write_date
        again = self._load("parts", content)
        self.assertTrue(again.recognised)
        self.assertEqual(again.file, first.file)
        self.assertEqual(self.first.goods_ids.write_date, stamp)

    def test_detail_that_layers_use_may_change_but_not_shrink(self):
        self._load(
            "parts",
            parts_file(
                part("TERM-01", "60", "0.9", "30"), part("CONN-12", "40", "0.6", "20")
            ),
        )
        self.env["immex.discharge.run"]._run_company(self.company, "test")
        self.assertTrue(self.first.goods_ids.layer_ids)
        content = parts_file(part("TERM-01", "100", "1.5", "50"))
        errors = self._refused(content)
        self.assertEqual(errors, [("in_use", 2, "partida")])
        self.assertEqual(len(self.first.goods_ids), 2)
