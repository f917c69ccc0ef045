# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io

import psycopg2

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..formats.datastage import TABLES, DataStageWriter
from .import_case import ImportCase

KEY = {"Patente": "3953", "Pedimento": "6000101", "SeccionAduanera": "70"}
SELECTED = {"FechaSeleccion": "2026-01-13 00:00:00", "HoraSeleccion": "09:30:00"}


@tagged("post_install", "-at_install")
class TestRegistration(ImportCase):
    """End of clearance against registration (Anexo 24, apartado C)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "America/Mexico_City"  # UTC-6

    def _pedimento(self, document="6000101", **values):
        key = self.env["immex.pedimento.key"].search([("code", "=", "IN")], limit=1)
        return self.env["immex.pedimento"].create(
            {
                "company_id": self.company.id,
                "year": 2026,
                "office": "07",
                "office_section": "070",
                "patente": "3953",
                "document": document,
                "operation_type": "1",
                "key_id": key.id,
                "payment_date": "2026-01-12",
                "registered_at": "2026-01-16 00:00:00",
                **values,
            }
        )

    def _load(self, name="77.zip", **tables):
        head = {"TipoOperacion": "1", "ClaveDocumento": "IN", "TipoPedimento": "1"}
        head["FechaPagoReal"] = "2026-01-12 10:15:00"
        tables = {"501": [KEY | head], **tables}
        stream = io.BytesIO()
        with DataStageWriter(stream, name[:2], "utf-8") as writer:
            for table, rows in tables.items():
                names = TABLES[table]
                cells = ([row.get(column) for column in names] for row in rows)
                writer.table(table, cells, names)
        stream.seek(0)
        files = self.env["immex.pedimento.file"]
        return files._load_file("datastage", self.company, stream, name)

    def test_counted_from(self):
        pedimento = self._pedimento()
        # the end of the day of the payment, in Mexico City
        self.assertEqual(str(pedimento.clearance_end), "2026-01-13 06:00:00")
        self.assertTrue(pedimento.clearance_presumed)
        self.assertEqual(str(pedimento.register_before), "2026-01-15 06:00:00")
        self.assertTrue(pedimento.registered_late)
        pedimento.modulation_date = "2026-01-13"
        self.assertEqual(str(pedimento.clearance_end), "2026-01-14 06:00:00")
        self.assertFalse(pedimento.registered_late)
        pedimento.cleared_at = "2026-01-13 23:59:59"
        self.assertFalse(pedimento.clearance_presumed)
        self.assertTrue(pedimento.registered_late)

    def test_search_is_what_is_computed(self):
        """To the second, in the zone of the plant, by the hours of the company."""
        for number, (hours, zone, cleared) in enumerate(
            (
                (48, "America/Mexico_City", "2026-01-14 00:00:00"),
                (48, "America/Mexico_City", "2026-01-13 23:59:59"),
                (24, "America/Mexico_City", "2026-01-15 00:00:00"),
                (24, "America/Mexico_City", "2026-01-14 23:59:59"),
                (66, "America/Mexico_City", False),
                (65, "America/Mexico_City", False),
                (65, "America/Tijuana", False),
                (63, "America/Tijuana", False),
            )
        ):
            self.company.immex_update_hours = hours
            self.company.partner_id.tz = zone
            pedimento = self._pedimento(f"60002{number:02d}", cleared_at=cleared)
            found = self.env["immex.pedimento"].search(
                [("id", "=", pedimento.id), ("registered_late", "=", True)]
            )
            with self.subTest(hours=hours, zone=zone, cleared=cleared):
                self.assertEqual(bool(found), pedimento.registered_late)
                self.assertEqual(bool(found), bool(number % 2))

    def test_unpaid_is_not_late(self):
        pedimento = self._pedimento(payment_date=False)
        self.assertFalse(pedimento.clearance_end)
        self.assertFalse(pedimento.registered_late)
        self.assertNotIn(
            pedimento,
            self.env["immex.pedimento"].search([("registered_late", "=", True)]),
        )

    def test_from_data_stage(self):
        """The last selection of the remesas, or the end of the examination."""
        pedimento = self._pedimento()
        self._load(
            Sel=[
                KEY | SELECTED,
                KEY | SELECTED | {"HoraSeleccion": "11:05"},
                # what is no date or hour, and a day that no calendar has
                KEY | {"FechaSeleccion": "13/01/2026", "HoraSeleccion": "10:00:00"},
                KEY | {"FechaSeleccion": "2026-01-20", "HoraSeleccion": "ayer"},
            ]
        )
        self.assertEqual(str(pedimento.cleared_at), "2026-01-13 17:05:00")
        # what is there stays
        again = {"FechaSeleccion": "2026-02-31", "HoraSeleccion": "08:00:00"}
        self._load("78.zip", Sel=[KEY | again])
        self.assertEqual(str(pedimento.cleared_at), "2026-01-13 17:05:00")
        pedimento.cleared_at = False
        self._load(
            "79.zip",
            Sel=[KEY | SELECTED],
            Inci=[
                KEY
                | {
                    "FechaFinReconocimiento": "2026-01-14",
                    "HoraFinReconocimiento": "18:00:00",
                }
            ],
        )
        self.assertEqual(str(pedimento.cleared_at), "2026-01-15 00:00:00")
        pedimento.cleared_at = False
        self._load("80.zip", Sel=[KEY | again])
        self.assertEqual(str(pedimento.cleared_at), "2026-03-03 14:00:00")

    def test_the_setting(self):
        self.assertEqual(self.company.immex_update_hours, 48)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self.company.immex_update_hours = 0
            self.env.flush_all()

    def test_who_enters_it(self):
        pedimento = self._pedimento()
        manager = new_test_user(
            self.env,
            "clearance_manager",
            groups="immex_compliance.group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        pedimento.with_user(manager).cleared_at = "2026-01-13 12:00:00"
        self.assertEqual(str(pedimento.register_before), "2026-01-15 12:00:00")
