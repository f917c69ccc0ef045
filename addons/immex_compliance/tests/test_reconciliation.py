# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo.tests import tagged

from ..models.reconciliation import compared_fields
from ..models.reconciliation.immex_reconciliation_line import FIELDS
from .common import m3_file, m3_partida
from .reconciliation_case import ReconciliationCase, government


@tagged("post_install", "-at_install")
class TestReconciliation(ReconciliationCase):
    """Books against Data Stage: what is planted is found, and nothing else."""

    def _only(self, *expected):
        self._government()
        run = self._reconcile()
        self.assertEqual(self._found(run), sorted(expected))
        return run

    def test_the_same_on_both_sides(self):
        run = self._only()
        self.assertEqual((run.pedimento_count, run.partida_count), (2, 4))
        # per pedimento 509, 510 and per partida 556, 557; TL and IM
        self.assertEqual(run.entry_count, 2 * 2 + 4 * 2 + 2)
        self.assertEqual(run.agree_count, run.record_count)
        self.assertEqual((run.share, run.share_settled), (100, 100))
        self.assertTrue(run.store_from)

    def test_every_field_has_its_words(self):
        compared = {
            field.name
            for group in ("PEDIMENTO", "PARTIDA", "ENTRY", "VIRTUAL", "VIRTUAL_VALUE")
            for field in getattr(compared_fields, group)
        }
        self.assertEqual(compared, set(dict(FIELDS)))

    def test_a_pedimento_missing_here(self):
        extra = government(
            m3_file(([m3_partida(), m3_partida()], {"document": "6000009"}))
        )
        for table, rows in extra.items():
            self.tables[table] += rows
        run = self._only(
            ("pedimento", "missing_here", "6000009", 0, "", "", "", "262434566000009")
        )
        # itself, two partidas, and 509, 510, 2 x 556, 2 x 557
        self.assertEqual(run.record_count - run.agree_count, 1 + 2 + 6)
        self.assertEqual((run.pedimento_count, run.pedimento_agree), (3, 2))
        self.assertEqual((run.partida_count, run.partida_agree), (6, 4))
        line = run.line_ids
        self.assertFalse(line.pedimento_id)
        self.assertEqual(line.datastage_id.document, "6000009")

    def test_a_pedimento_missing_there(self):
        for table in self.tables:
            self.tables[table] = [
                row for row in self.tables[table] if row["Pedimento"] != "6000002"
            ]
        run = self._only(
            ("pedimento", "missing_there", "6000002", 0, "", "", "262434566000002", "")
        )
        # of what the government has, everything agrees
        self.assertEqual((run.pedimento_count, run.share), (1, 100))
        self.assertEqual(run.line_ids.pedimento_id.document, "6000002")

    def test_a_cancelled_pedimento_is_not_recorded(self):
        pedimento = self.env["immex.pedimento"].search(
            [("document", "=", "6000002"), ("company_id", "=", self.company.id)]
        )
        pedimento.state = "cancelled"
        self._only(
            ("pedimento", "missing_here", "6000002", 0, "", "", "", "262434566000002")
        )

    def test_what_a_pedimento_says(self):
        row = self._row("501")
        row |= {
            "ClaveDocumento": "AF",
            "TipoCambio": "18.00001",
            "PesoBrutoMercancia": "12.501",
            "Rfc": "XAXX010101000",
            "FechaPagoReal": "2026-10-03 01:00:00",
            "TotalFletes": "25",
            "TipoOperacion": "2",
        }
        self._row("506", TipoFecha="1")["FechaOperacion"] = "2026-09-30"
        head = ("pedimento", "different", "6000001", 0, "")
        run = self._only(
            (*head, "key_code", "IN", "AF"),
            (*head, "operation_type", "1", "2"),
            (*head, "exchange_rate", "18", "18.00001"),
            (*head, "gross_weight", "12.5", "12.501"),
            (*head, "rfc", "ADN150203AB1", "XAXX010101000"),
            (*head, "payment_date", "2026-10-02", "2026-10-03"),
            (*head, "freight", "0", "25"),
            (*head, "entry_date", "2026-10-01", "2026-09-30"),
        )
        # one record, however many fields
        self.assertEqual(run.record_count - run.agree_count, 1)
        rate = run.line_ids.filtered(lambda line: line.field == "exchange_rate")
        self.assertEqual(self._difference(rate), Decimal("-0.00001"))

    def test_partidas_missing(self):
        self._without("551", "6000001", SecuenciaFraccion="2")
        self.tables["551"].append(
            dict(self._partida(1, "6000002"), SecuenciaFraccion="3")
        )
        run = self._only(
            ("partida", "missing_there", "6000001", 2, "", "", "85444299", ""),
            ("partida", "missing_here", "6000002", 3, "", "", "", "85369099"),
        )
        # its contributions are not told one by one, and are still the government's
        self.assertEqual((run.partida_count, run.partida_agree), (4, 3))

    def test_what_a_partida_says(self):
        self._partida(2).update(
            Fraccion="85444298",
            SubdivisionFraccion="98",
            PaisOrigenDestino="CHN",
            PaisCompradorVendedor="CHN",
            CantidadUMComercial="100.001",
            UnidadMedidaComercial="3",
            CantidadUMTarifa="1.50001",
            UnidadMedidaTarifa="6",
            ValorAduana="902",
            ValorComercial="898",
            ValorDolares="51.01",
            ValorAgregado="2",
            ClaveVinculacion="1",
            MetodoValorizacion="2",
        )
        head = ("partida", "different", "6000001", 2, "")
        run = self._only(
            (*head, "fraccion", "85444299", "85444298"),
            (*head, "nico", "99", "98"),
            (*head, "origin_code", "USA", "CHN"),
            (*head, "seller_code", "USA", "CHN"),
            (*head, "qty_umc", "100", "100.001"),
            (*head, "umc", "6", "3"),
            (*head, "qty_umt", "1.5", "1.50001"),
            (*head, "umt", "1", "6"),
            (*head, "customs_value", "900", "902"),
            (*head, "commercial_value", "900", "898"),
            (*head, "value_usd", "50", "51.01"),
            (*head, "added_value", "", "2"),
            (*head, "linkage", "0", "1"),
            (*head, "valuation_method", "1", "2"),
        )
        self.assertEqual((run.partida_count, run.partida_agree), (4, 3))
        value = run.line_ids.filtered(lambda line: line.field == "value_usd")
        self.assertEqual(
            self._exact(value, "ours_amount", "theirs_amount", "difference"),
            (Decimal("50.00"), Decimal("51.01"), Decimal("-1.01")),
        )

    def test_how_it_is_written_does_not_matter(self):
        self._row("501").update(Rfc=" adn150203ab1 ")
        self._partida(2).update(
            UnidadMedidaComercial="06", MetodoValorizacion="01", ValorAgregado="0"
        )
        self._row("557", SecuenciaFraccion="1").update(
            ClaveContribucion="06", FormaPago="05"
        )
        self._only()

    def test_contributions(self):
        self._row("557", SecuenciaFraccion="1")["ImportePago"] = "2"
        self._row("557", SecuenciaFraccion="2")["FormaPago"] = "21"
        self._row("556", SecuenciaFraccion="1")["TasaContribucion"] = "0.0000000001"
        self._row("509")["TipoTasa"] = "1"
        self._without("510", "6000001")
        self.tables["557"].append(
            dict(
                self._row("557", "6000002", SecuenciaFraccion="1"),
                ClaveContribucion="3",
                FormaPago="22",
                ImportePago="144",
            )
        )
        run = self._only(
            ("amount", "different", "6000001", 1, "6", "amount", "0", "2"),
            ("amount", "different", "6000001", 2, "6", "payment_form", "5", "21"),
            ("rate", "different", "6000001", 1, "6", "rate", "0", "0.0000000001"),
            ("rate", "different", "6000001", 0, "1", "rate_type", "7", "1"),
            ("amount", "missing_there", "6000001", 0, "15", "", "330", ""),
            ("amount", "missing_here", "6000002", 1, "3", "", "", "144"),
            ("total", "sum_there", "6000002", 0, "3", "", "144", "0"),
        )
        self.assertEqual(run.entry_count - run.entry_agree, 5)
        charged = run.line_ids.filtered(
            lambda line: (line.level, line.form) == ("amount", "22")
        )
        self.assertEqual(self._difference(charged), Decimal(-144))

    def test_amounts_of_one_form_are_one(self):
        row = self._row("510", "6000002")
        row["ImportePago"] = "300"
        self.tables["510"].append(dict(row, ImportePago="30"))
        run = self._only()
        self.assertEqual(run.entry_count, 14)

    def test_identifiers(self):
        self._row("554", SecuenciaFraccion="1")["IdentificadorCaso"] = "CAN"
        self._without("507", "6000001")
        # the same identifier twice, once more there
        row = dict(self._row("554", SecuenciaFraccion="1"), SecuenciaFraccion="2")
        self.tables["554"] += [row, dict(row)]
        self._only(
            (
                "identifier",
                "different",
                "6000001",
                1,
                "TL",
                "complement1",
                "USA",
                "CAN",
            ),
            ("identifier", "missing_here", "6000001", 2, "TL", "", "", "CAN"),
            ("identifier", "missing_here", "6000001", 2, "TL", "", "", "CAN"),
            ("identifier", "missing_there", "6000001", 0, "IM", "", "1234-2019", ""),
        )

    def _identify(self, ours, theirs):
        """Identifiers of partida 2 on either side, as (first, second complement)."""
        content = m3_file(
            (
                [
                    m3_partida(
                        identifiers=[
                            {"clave": "PS", "complemento1": first, "complemento2": more}
                            for first, more in ours
                        ]
                    )
                ],
                {"document": "6000007"},
            )
        )
        self._load(content, name="m3456007.275")
        self.tables = government(content)
        row = dict(self._row("551", "6000007"))
        self.tables["554"] = [
            row
            | {"ClaveCaso": "PS", "IdentificadorCaso": first, "ComplementoCaso": more}
            for first, more in theirs
        ]
        self._government(name="79.zip")
        run = self._reconcile("2026-10-02", "2026-10-02")
        return [
            found[1:2] + found[5:]
            for found in self._found(run)
            if found[2] == "6000007"
        ]

    def test_identifiers_by_all_their_complements(self):
        """As multisets, whatever their order: what is the same on both sides first,
        then what has the first complement in common."""
        self.assertFalse(
            self._identify(
                [("A", "1"), ("A", "2"), ("A", "2"), ("B", None)],
                [("B", "told there alone"), ("A", "2"), ("A", "1"), ("A", "2")],
            )
        )

    def test_a_second_complement_differs(self):
        self.assertEqual(
            self._identify(
                [("A", "1"), ("B", "2"), ("A", "5")],
                [("B", "9"), ("A", "5"), ("A", "7")],
            ),
            [
                ("different", "complement2", "1", "7"),
                ("different", "complement2", "2", "9"),
            ],
        )

    def test_one_of_two_alike_is_missing(self):
        self.assertEqual(
            self._identify(
                [("A", "1"), ("A", "2")], [("A", "1"), ("A", "1"), ("A", "2")]
            ),
            [("missing_here", "", "", "A 1")],
        )
        self.assertEqual(
            self._identify([("A", "1"), ("A", "2")], [("C", "3")]),
            [
                ("different", "complement1", "A", "C"),
                ("different", "complement2", "1", "3"),
                ("missing_there", "", "A 2", ""),
            ],
        )

    def test_tables_that_did_not_come(self):
        for table in ("507", "509", "510", "554", "556", "557", "506"):
            del self.tables[table]
        run = self._only()
        self.assertEqual((run.partida_count, run.entry_count), (4, 0))

    def test_no_partidas_came(self):
        for table in ("551", "554", "556", "557"):
            del self.tables[table]
        run = self._only()
        self.assertEqual((run.pedimento_count, run.partida_count), (2, 0))

    def test_tolerances_to_the_edge(self):
        self.company.immex_money_tolerance = 1
        self.company.immex_quantity_tolerance = 0.001
        self._partida(1).update(ValorAduana="901", CantidadUMComercial="99.999")
        self._partida(2).update(ValorAduana="901.01", CantidadUMTarifa="1.50101")
        self._row("557", "6000002", SecuenciaFraccion="1")["ImportePago"] = "1"
        self._row("557", "6000002", SecuenciaFraccion="2")["ImportePago"] = "1.01"
        partida = ("partida", "different", "6000001", 2, "")
        self._only(
            (*partida, "customs_value", "900", "901.01"),
            (*partida, "qty_umt", "1.5", "1.50101"),
            ("amount", "different", "6000002", 2, "6", "amount", "0", "1.01"),
            # two rows of one peso each
            ("total", "sum_there", "6000002", 0, "6", "", "2.01", "0"),
        )

    def test_the_period(self):
        self._row("501", "6000002")["TipoCambio"] = "19"
        self._government()
        self.assertFalse(self._reconcile("2026-10-03").line_ids)
        self.assertEqual(len(self._reconcile("2026-10-02", "2026-10-02").line_ids), 1)
        # paid in the period on one side is enough
        self._row("501", "6000002")["FechaPagoReal"] = "2026-10-05"
        self._government(name="78.zip")
        run = self._reconcile("2026-10-05", "2026-10-31")
        self.assertEqual(
            set(run.line_ids.mapped("field")), {"payment_date", "exchange_rate"}
        )

    def test_what_the_files_cover(self):
        self._government()
        run = self._reconcile("2026-09-01", "2026-10-31")
        # the months of its payments
        self.assertFalse(run.is_covered)
        self.assertEqual(run.gaps, "Sep 2026")
        run.date_from = "2026-10-01"
        self.assertTrue(run.is_covered)
        self.tables["Resumen"] = [
            {"Fecha_Inicial": "2026-10-01 00:00:00", "Fecha_Final": "2026-10-31"},
            {"Fecha_Inicial": "2026-13-01", "Fecha_Final": None},
        ]
        self._government(name="78.zip")
        run.invalidate_recordset()
        self.assertTrue(run.is_covered)
        self.assertEqual(
            (str(run.store_from), str(run.store_to)), ("2026-10-01", "2026-10-31")
        )
        run.date_to = "2026-11-01"
        self.assertFalse(run.is_covered)

    def test_the_initial_balance_is_there_and_no_more(self):
        pedimentos = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id)]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE immex_pedimento SET origin = 'opening' WHERE id = ANY(%s)",
            (pedimentos.ids,),
        )
        pedimentos.invalidate_recordset()
        self._partida(1)["ValorAduana"] = "1"
        self._without("551", "6000002", SecuenciaFraccion="1")
        run = self._only()
        self.assertEqual((run.record_count, run.share), (2, 100))

    def test_companies_apart(self):
        other = self.env["res.company"].create(
            {"name": "Other", "country_id": self.env.ref("base.mx").id}
        )
        self.env.user.company_ids |= other
        env = self.env(
            context=dict(
                self.env.context, allowed_company_ids=(self.company | other).ids
            )
        )
        self.env = env
        self.company = self.company.with_env(env)
        self._partida(1)["ValorAduana"] = "1"
        self._government(company=other)
        run = self._reconcile()
        # no file of this company: nothing is missing in what it does not tell of
        self.assertFalse(run.line_ids)
        self.assertEqual((run.record_count, run.uncovered_count), (0, 2))
        run = self._reconcile(company=other)
        self.assertEqual(set(run.line_ids.mapped("kind")), {"missing_here"})
        self.assertEqual((run.agree_count, run.share), (0, 0))
        self.assertEqual(run.line_ids.company_id, other)
