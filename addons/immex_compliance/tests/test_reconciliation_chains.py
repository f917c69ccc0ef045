# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from odoo.tests import tagged

from .common import m3_file, m3_partida
from .reconciliation_case import ReconciliationCase, government

R1 = date(2026, 11, 5)


@tagged("post_install", "-at_install")
class TestReconciliationChains(ReconciliationCase):
    """Rectifications: the last version here with the last version there."""

    def _rectify(self, document="6000101", named="6000001", value=950, paid=R1):
        """A broker file of an R1, and the rows that tell of it there."""
        content = m3_file(
            (
                [
                    m3_partida(
                        valor_aduana=value,
                        identifiers=[{"clave": "TL", "complemento1": "USA"}],
                    )
                ],
                {"document": document, "key": "R1", "paid": paid},
            ),
        )
        tables = government(content)
        tables["501"][0]["TipoPedimento"] = "2"
        tables["701"] = [
            {
                "Patente": "3456",
                "Pedimento": document,
                "SeccionAduanera": "240",
                "PedimentoAnterior": named,
                "PatenteAnterior": "3456",
                "SeccionAduaneraAnterior": "240",
            }
        ]
        return content, tables

    def _here(self, content, named="6000001"):
        """Load it; record 701 of it names the version before."""
        self._load(content, name="m3456002.275")
        pedimento = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id)], order="id desc", limit=1
        )
        self.env["immex.pedimento.reference"].create(
            {
                "pedimento_id": pedimento.id,
                "company_id": self.company.id,
                "kind": "rectified",
                "patente": "3456",
                "document": named,
                "office_section": "240",
                "date": "2026-10-02",
            }
        )
        pedimento._link_arrival()
        return pedimento

    def _there(self, tables):
        for table, rows in tables.items():
            self.tables[table] += rows

    def _documents(self, run):
        return [
            (line.level, line.kind, (line.ours or "")[-7:], (line.theirs or "")[-7:])
            for line in run.line_ids.sorted(lambda line: (line.level, line.kind))
        ]

    def test_both_rectified_alike(self):
        content, tables = self._rectify()
        pedimento = self._here(content)
        self.assertEqual(pedimento.rectifies_id.document, "6000001")
        self._there(tables)
        # what the first version says does not count any more
        self._partida(1)["ValorAduana"] = "5"
        self._government()
        run = self._reconcile()
        self.assertFalse(run.line_ids)
        # the last versions: 6000101 (1 partida) and 6000002 (2 partidas)
        self.assertEqual((run.pedimento_count, run.partida_count), (2, 3))

    def test_the_last_versions_are_compared(self):
        content, tables = self._rectify()
        self._here(content)
        self._there(tables)
        self._partida(1, "6000101")["ValorAduana"] = "970"
        self._government()
        [line] = self._reconcile().line_ids
        self.assertEqual(
            (line.number15[-7:], line.field, line.ours, line.theirs),
            ("6000101", "customs_value", "950", "970"),
        )

    def test_a_rectification_missing_here(self):
        _content, tables = self._rectify()
        self._there(tables)
        self._government()
        run = self._reconcile()
        self.assertIn(
            ("pedimento", "version", "6000001", "6000101"), self._documents(run)
        )
        # what the rectification changed, and not its key and dates
        changed = run.line_ids.filtered(lambda line: line.level == "partida")
        self.assertEqual(
            {(line.kind, line.sequence, line.field) for line in changed},
            {("different", 1, "customs_value"), ("missing_there", 2, False)},
        )
        version = run.line_ids.filtered(lambda line: line.kind == "version")
        self.assertEqual(
            (version.pedimento_id.document, version.datastage_id.document),
            ("6000001", "6000101"),
        )
        self.assertEqual(run.pedimento_count - run.pedimento_agree, 1)

    def test_a_rectification_missing_there(self):
        content, _tables = self._rectify()
        self._here(content)
        self._government()
        run = self._reconcile()
        self.assertIn(
            ("pedimento", "version", "6000101", "6000001"), self._documents(run)
        )

    def test_only_the_rectification_is_recorded(self):
        """The company began after the first version was paid."""
        first = self.env["immex.pedimento"].search(
            [("document", "=", "6000001"), ("company_id", "=", self.company.id)]
        )
        content, tables = self._rectify()
        self._here(content)
        first.unlink()
        self._government()
        run = self._reconcile()
        self.assertIn(
            ("pedimento", "version", "6000101", "6000001"), self._documents(run)
        )
        self._there(tables)
        self._government(name="78.zip")
        self.assertFalse(self._reconcile().line_ids)

    def test_a_chain_of_three_with_a_version_missing_here(self):
        _content, tables = self._rectify(value=920)
        self._there(tables)
        content, tables = self._rectify(
            "6000102", named="6000101", paid=date(2026, 11, 20)
        )
        self._there(tables)
        # here the second rectification names the first version
        self._here(content)
        self._government()
        self.assertFalse(self._reconcile().line_ids)

    def test_record_701_missing_here(self):
        """Both versions count here, one there."""
        content, tables = self._rectify()
        self._load(content, name="m3456002.275")
        self._there(tables)
        self._government()
        [line] = self._reconcile().line_ids
        self.assertEqual(
            (line.kind, line.number15[-7:], line.pedimento_id.document),
            ("old_here", "6000001", "6000001"),
        )

    def test_record_701_missing_there(self):
        content, tables = self._rectify()
        self._here(content)
        tables["701"] = []
        self._there(tables)
        self._government()
        [line] = self._reconcile().line_ids
        self.assertEqual(
            (line.kind, line.number15[-7:], line.datastage_id.document),
            ("old_there", "6000001", "6000001"),
        )

    def test_numbers_come_again_after_ten_years(self):
        content, tables = self._rectify()
        self._here(content)
        self._there(tables)
        old = self._row("501", "6000002") | {
            "Pedimento": "6000001",
            "FechaPagoReal": "2016-10-02",
        }
        self._government()
        self._government({"501": [old]}, name="2016.zip")
        run = self._reconcile("2016-01-01")
        [line] = run.line_ids
        self.assertEqual(
            (line.kind, line.number15, str(line.payment_date)),
            ("missing_here", "162434566000001", "2016-10-02"),
        )

    def test_a_table_that_a_later_file_lacks(self):
        """What an earlier file told of it is compared all the same."""
        self._partida(1)["ValorAduana"] = "12345"
        self._government()
        expected = self._found(self._reconcile())
        self.assertEqual([line[5] for line in expected], ["customs_value"])
        tables = {name: rows for name, rows in self.tables.items() if name != "551"}
        self._government(tables, name="78.zip")
        self.assertEqual(self._found(self._reconcile()), expected)
