# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import csv
import io
from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.tests import TransactionCase

from ..formats.m3 import M3Writer
from ..formats.partfile import COLUMNS

RFC = "ADN150203AB1"
OFFICE, PATENT = "240", "3456"


def m3_partida(**values):
    """Values of a partida: 100 pieces at 0.50 dollars, at 18 pesos a dollar."""
    return {
        "fraccion": "85369099",
        "nico": "17",
        "descripcion": "TERMINALES",
        "precio_unitario": "9.00000",
        "valor_aduana": 900,
        "valor_comercial": 900,
        "valor_dolares": Decimal("50.00"),
        "cantidad_umc": Decimal(100),
        "umc": "6",
        "cantidad_umt": Decimal("1.5"),
        "umt": "1",
        "vinculacion": "0",
        "metodo_valoracion": "1",
        "pais_origen": "USA",
        "pais_vendedor": "USA",
    } | values


def write_pedimento(writer, partidas, document="6000001", **options):
    """Write one pedimento, records in the order of real files.

    Options: ``key``, ``operation``, ``rfc``, ``entry`` and ``paid`` (dates),
    ``identifiers`` of the pedimento as dicts, ``references`` (512) as dicts,
    ``supplier``, ``signed``. A partida may hold ``identifiers`` too.
    """
    common = {"pedimento": document}
    operation = options.get("operation", "1")
    writer.record(
        "500", tipo_movimiento="1", patente=PATENT, aduana_seccion=OFFICE, **common
    )
    writer.record(
        "501",
        patente=PATENT,
        aduana_seccion=OFFICE,
        aduana_seccion_es=OFFICE,
        tipo_operacion=operation,
        clave=options.get("key", "IN"),
        rfc=options.get("rfc", RFC),
        tipo_cambio="18.00000",
        peso_bruto="12.500",
        nombre="ARNESES DEL NORTE SA DE CV",
        pais="MEX",
        **common,
    )
    writer.record(
        "505",
        fecha=date(2026, 9, 28),
        numero=options.get("invoice", "COVE26000001A"),
        termino="FCA",
        moneda="USD",
        valor_dolares=sum(p["valor_dolares"] for p in partidas),
        valor_moneda=sum(p["valor_dolares"] for p in partidas),
        pais="USA",
        identificacion="TAXID123456",
        nombre=options.get("supplier", "ACME WIRING SYSTEMS INC"),
        **common,
    )
    if operation == "1":
        writer.record(
            "506", tipo="1", fecha=options.get("entry", date(2026, 10, 1)), **common
        )
    writer.record(
        "506", tipo="2", fecha=options.get("paid", date(2026, 10, 2)), **common
    )
    for identifier in options.get("identifiers", ()):
        writer.record("507", **common, **identifier)
    writer.record("509", contribucion="1", tasa="8.0000000000", tipo_tasa="7", **common)
    writer.record("510", contribucion="15", forma_pago="0", importe=330, **common)
    writer.record("511", secuencia="1", observaciones="SIN OBSERVACIONES", **common)
    for reference in options.get("references", ()):
        writer.record("512", **common, **reference)
    for number, partida in enumerate(partidas, 1):
        _write_partida(writer, common, number, dict(partida))
    if options.get("signed", True):
        writer.record("800", tipo_figura="1", firma="FIRMA", certificado="1", **common)
    else:
        writer.record("999", patente=PATENT, aduana_seccion=OFFICE, **common)


def _write_partida(writer, common, number, partida):
    identifiers = partida.pop("identifiers", ())
    writer.record("551", partida=str(number), **common, **partida)
    own = common | {"partida": str(number), "fraccion": partida["fraccion"]}
    for identifier in identifiers:
        writer.record("554", **own, **identifier)
    writer.record("556", contribucion="6", tasa="0.0000000000", tipo_tasa="1", **own)
    writer.record("557", contribucion="6", forma_pago="5", importe=0, **own)


def m3_file(*pedimentos, name="m3456001.275", **options):
    """Bytes of a broker file; each pedimento is (partidas, options)."""
    stream = io.BytesIO()
    writer = M3Writer(stream, name, **options)
    for partidas, values in pedimentos:
        write_pedimento(writer, partidas, **values)
    writer.close("PRV01")
    return stream.getvalue()


def parts_file(*lines):
    """Bytes of a part file; each line is a dict over the first partida's defaults."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(COLUMNS))
    writer.writeheader()
    for line in lines:
        writer.writerow(
            {
                "aduana_seccion": OFFICE,
                "patente": PATENT,
                "pedimento": "6000001",
                "partida": 1,
            }
            | line
        )
    return stream.getvalue().encode()


class ImmexCase(TransactionCase):
    """A company with a programme, a plant, a supplier abroad and a few parts.

    Test base for whatever starts from documents. Dates are of October 2026; the
    pedimentos are cleared at Nuevo Laredo (240) under patent 3456.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env["res.company"].create(
            {
                "name": "Arneses del Norte SA de CV",
                "country_id": cls.env.ref("base.mx").id,
                "vat": RFC,
            }
        )
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )
        cls.company = cls.company.with_env(cls.env)
        cls.program = cls.env["immex.program"].create(
            {
                "company_id": cls.company.id,
                "kind": "immex",
                "name": "1234-2019",
                "valid_from": "2019-01-01",
            }
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.supplier = cls.env["res.partner"].create(
            {
                "name": "ACME WIRING SYSTEMS INC",
                "vat": "TAXID123456",
                "is_company": True,
                "country_id": cls.env.ref("base.us").id,
            }
        )
        cls.unit_piece = cls._unit("6")
        cls.unit_kilo = cls._unit("1")
        cls.unit_meter = cls._unit("3")
        cls.unit_thousand = cls._unit("11")
        cls.terminal = cls._product("TERM-01", "material")
        cls.connector = cls._product("CONN-12", "material")
        cls.cable = cls._product(
            "CABLE-18", "material", uom_id=cls.env.ref("uom.product_uom_meter").id
        )

    @classmethod
    def _unit(cls, code):
        return cls.env["immex.unit"].search([("code", "=", code)], limit=1)

    @classmethod
    def _product(cls, code, immex_class=False, **values):
        return cls.env["product.product"].create(
            {
                "name": code,
                "default_code": code,
                "type": "consu",
                "is_storable": True,
                "immex_class": immex_class,
                **values,
            }
        )

    @classmethod
    def _pedimento(cls, document="6000001", key="IN", partidas=(), **values):
        """A pedimento entered by hand; each of ``partidas`` is a dict of values over
        the default of 100 pieces worth 50 dollars."""
        pedimento = cls.env["immex.pedimento"].create(
            {
                "company_id": cls.company.id,
                "year": 2026,
                "office": "24",
                "office_section": "240",
                "patente": "3456",
                "document": document,
                "operation_type": "1",
                "key_id": cls.env["immex.pedimento.key"]
                .search([("code", "=", key)], limit=1)
                .id,
                "entry_date": "2026-10-01",
                "payment_date": "2026-10-02",
                **values,
            }
        )
        cls.env["immex.pedimento.partida"].create(
            [
                {
                    "pedimento_id": pedimento.id,
                    "company_id": cls.company.id,
                    "sequence": sequence,
                    "fraccion": "85369099",
                    "description": "TERMINALES",
                    "qty_umc": 100,
                    "umc_id": cls.unit_piece.id,
                    "qty_umt": 100,
                    "umt_id": cls.unit_piece.id,
                    "value_usd": 50,
                    "customs_value": 900,
                    "commercial_value": 880,
                    **partida,
                }
                for sequence, partida in enumerate(partidas, 1)
            ]
        )
        return pedimento

    def _transfer(self, code, lines, date="2026-10-01", done=True, **values):
        """A transfer of (product, quantity) lines over the company's door."""
        incoming = code == "incoming"
        outside = self.env.ref(
            "stock.stock_location_suppliers"
            if incoming
            else "stock.stock_location_customers"
        )
        inside = self.warehouse.lot_stock_id
        source, target = (outside, inside) if incoming else (inside, outside)
        kind = self.warehouse.in_type_id if incoming else self.warehouse.out_type_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "immex_event_date": date,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        }
                    )
                    for product, quantity in lines
                ],
                **values,
            }
        )
        if done:
            picking.action_confirm()
            for move in picking.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
            picking.button_validate()
            self.assertEqual(picking.state, "done")
        return picking

    def _exact(self, record, *names):
        """Stored numbers of a record as ``Decimal``, unread by floats."""
        record.flush_recordset()
        columns = ", ".join(f'"{name}"::text' for name in names)
        self.env.cr.execute(
            f'SELECT {columns} FROM "{record._table}" WHERE id = %s', (record.id,)
        )
        row = [value and Decimal(value) for value in self.env.cr.fetchone()]
        return row[0] if len(names) == 1 else tuple(row)
