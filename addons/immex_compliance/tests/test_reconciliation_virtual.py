# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo.tests import tagged

from .reconciliation_case import ReconciliationCase

IMPORT = "6000500"


@tagged("post_install", "-at_install")
class TestReconciliationVirtual(ReconciliationCase):
    """Our V1 export against the import that its block 512 names."""

    def _export(self, *named, document="6000400", partidas=None, key="V1"):
        """A V1 export; ``named`` are (tariff item, quantity) of the import."""
        export = self._pedimento(
            document,
            key,
            partidas or [{"fraccion": "85443004", "value_usd": 500}],
            operation_type="2",
            payment_date="2026-10-20",
            entry_date=False,
        )
        self.env["immex.pedimento.reference"].create(
            [
                {
                    "pedimento_id": export.id,
                    "company_id": self.company.id,
                    "kind": "discharge",
                    "patente": "3456",
                    "document": IMPORT,
                    "office_section": "240",
                    "key_code": "V1",
                    "date": "2026-10-20",
                    "fraccion": fraccion,
                    "unit_code": unit,
                    "quantity": quantity,
                }
                for fraccion, quantity, unit in named
            ]
        )
        export._link_arrival()
        return export

    def _import(self, *partidas, company=None):
        values = {
            "payment_date": "2026-10-19",
            "company_id": (company or self.company).id,
        }
        lines = [{"company_id": values["company_id"]} | line for line in partidas]
        return self._pedimento(IMPORT, "V1", lines, **values)

    def _virtual(self):
        self._government()
        run = self._reconcile()
        return [
            (line.code, line.field, line.ours, line.theirs)
            for line in run.line_ids.filtered(lambda line: line.level == "virtual")
        ]

    def test_alike(self):
        self._export(("85443004", 100, "6"))
        self._import({"fraccion": "85443004", "value_usd": 500})
        self.assertEqual(self._virtual(), [])

    def _rectified(self, export, key, *named):
        """An R1 of ``export`` whose record 701 names ``key`` as the acting one."""
        rectification = self._export(*named, document="6000410", key="R1")
        rectification.payment_date = "2026-11-02"
        self.env["immex.pedimento.reference"].create(
            {
                "pedimento_id": rectification.id,
                "company_id": self.company.id,
                "kind": "rectified",
                "patente": export.patente,
                "document": export.document,
                "office_section": export.office_section,
                "key_code": key,
                "date": export.payment_date,
            }
        )
        rectification._link_arrival()
        self.assertEqual(export.current_id, rectification)
        return rectification

    def test_a_rectified_export(self):
        """The R1 speaks for the V1 export that it rectifies."""
        export = self._export(("85443004", 90, "6"))
        self._import({"fraccion": "85443004", "value_usd": 500})
        different = ("85443004", "qty_umt", "95", "100")
        now = self._rectified(export, False, ("85443004", 95, "6"))
        self.assertEqual(self._virtual(), [different])
        now.reference_ids.filtered(lambda r: r.kind == "rectified").key_code = "V1"
        self.assertEqual(self._virtual(), [different])
        # it acts as something else from now on
        now.reference_ids.filtered(lambda r: r.kind == "rectified").key_code = "F4"
        self.assertEqual(self._virtual(), [])

    def test_no_import_in_the_data(self):
        self._export(("85443004", 100, "6"))
        self.assertEqual(self._virtual(), [])

    def test_quantity_unit_and_value(self):
        export = self._export(("85443004", 90, "6"), ("85369099", 5, "1"))
        self._import(
            {"fraccion": "85443004", "value_usd": 450},
            {"fraccion": "85369099", "qty_umt": 5, "value_usd": 70},
        )
        self.assertEqual(
            sorted(self._virtual(), key=str),
            sorted(
                [
                    ("85443004", "qty_umt", "90", "100"),
                    ("85369099", "umt", "1", "6"),
                    (False, "value_usd", "500", "520"),
                ],
                key=str,
            ),
        )
        line = self.env["immex.reconciliation.line"].search(
            [("level", "=", "virtual"), ("field", "=", "qty_umt")], limit=1
        )
        self.assertEqual(line.pedimento_id, export)
        self.assertEqual(line.other_number, "262434566000500")
        self.assertEqual(self._difference(line), Decimal(-10))

    def test_a_tariff_item_on_one_side(self):
        self._export(("85443004", 100, "6"))
        self._import(
            {"fraccion": "85443004", "value_usd": 250},
            {"fraccion": "85369099", "value_usd": 250},
        )
        self.assertEqual(self._virtual(), [("85369099", "qty_umt", False, "100")])

    def test_two_exports_of_one_import(self):
        self._export(("85443004", 60, "6"))
        self._export(("85443004", 40, "6"), document="6000401")
        self._import({"fraccion": "85443004", "value_usd": 1})
        # whose values are whose is not known
        self.assertEqual(self._virtual(), [])

    def test_the_import_in_data_stage(self):
        self._export(("85443004", 100, "6"))
        head = dict(
            self._row("501", "6000001"),
            Pedimento=IMPORT,
            ClaveDocumento="V1",
            FechaPagoReal="2026-10-19",
        )
        self.tables["501"].append(head)
        self.tables["551"].append(
            dict(
                self._partida(1),
                Pedimento=IMPORT,
                Fraccion="85443004",
                CantidadUMTarifa="99",
                UnidadMedidaTarifa="6",
                ValorDolares="500.00",
            )
        )
        self.assertEqual(self._virtual(), [("85443004", "qty_umt", "100", "99")])

    def test_a_sister_company_and_a_stranger(self):
        self._export(("85443004", 100, "6"))
        stranger = self.env["res.company"].create({"name": "Stranger"})
        self.env.user.company_ids |= stranger
        self._import({"fraccion": "85443004", "qty_umt": 7}, company=stranger)
        self.assertEqual(self._virtual(), [])
        sister = self.env["res.company"].create(
            {"name": "Sister", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= sister
        self._import(
            {"fraccion": "85443004", "qty_umt": 8, "value_usd": 500}, company=sister
        )
        run = self._reconcile()
        line = run.line_ids.filtered(lambda line: line.level == "virtual")
        self.assertEqual((line.ours, line.theirs), ("100", "8"))
        self.assertFalse(line.datastage_id)
