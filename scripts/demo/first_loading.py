# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A first loading: ``make shell < scripts/demo/first_loading.py``, after the demo.

A new company, a Data Stage zip of its four pedimentos (two imports, one of them
rectified, and a return), its pedimentos in the books, the discharge, the report.
"""

import io

from odoo.addons.immex_compliance.formats.datastage import TABLES, DataStageWriter

RFC = "EPC190101AB1"
TERMINAL = {"CodigoMercanciaProducto": "PC-TERM-01"}


def key(number, day):
    return {
        "Patente": "3953",
        "Pedimento": number,
        "SeccionAduanera": "240",
        "FechaPagoReal": f"2026-{day} 10:00:00",
    }


def header(number, day, **values):
    values = {
        "TipoOperacion": "1",
        "ClaveDocumento": "IN",
        "TipoPedimento": "1",
    } | values
    return key(number, day) | {"Rfc": RFC, "TipoCambio": "18.00000"} | values


def partida(number, day, sequence, pieces, **values):
    pesos = pieces * 9
    return key(number, day) | {
        "Fraccion": "85369099",
        "SecuenciaFraccion": str(sequence),
        "SubdivisionFraccion": "17",
        "DescripcionMercancia": "TERMINALES",
        "PrecioUnitario": "9.00000",
        "ValorAduana": str(pesos),
        "ValorComercial": str(pesos),
        "ValorDolares": f"{pesos / 18:.2f}",
        "CantidadUMComercial": f"{pieces}.000",
        "UnidadMedidaComercial": "6",
        "CantidadUMTarifa": f"{pieces / 100:.5f}",
        "UnidadMedidaTarifa": "1",
        "PaisOrigenDestino": "USA",
        "PaisCompradorVendedor": "USA",
        **values,
    }


tables = {
    "501": [
        header("6000001", "02-05"),
        header("6000002", "03-10"),
        header("6000003", "04-20", ClaveDocumento="R1", TipoPedimento="2"),
        header("6000004", "06-15", TipoOperacion="2", ClaveDocumento="RT"),
    ],
    "506": [
        key(number, day) | {"TipoFecha": "1", "FechaOperacion": f"2026-{day} 00:00:00"}
        for number, day in (("6000001", "02-05"), ("6000002", "03-10"))
    ],
    "551": [
        partida("6000001", "02-05", 1, 1000, **TERMINAL),
        # several parts in one partida: it waits until a person splits it
        partida("6000001", "02-05", 2, 500),
        partida("6000002", "03-10", 1, 400, **TERMINAL),
        partida("6000003", "04-20", 1, 300, **TERMINAL),
        partida("6000004", "06-15", 1, 1500, **TERMINAL),
    ],
    # 6000003 rectifies 6000002: 300 pieces came, not 400
    "701": [
        key("6000003", "04-20")
        | {
            "ClaveDocumento": "R1",
            "PedimentoAnterior": "6000002",
            "PatenteAnterior": "3953",
            "SeccionAduaneraAnterior": "240",
            "DocumentoAnterior": "IN",
            "FechaOperacionAnterior": "2026-03-10 00:00:00",
            "PedimentoOriginal": "6000002",
            "PatenteAduanalOrig": "3953",
            "SeccionAduaneraDespOrig": "240",
        }
    ],
}

company = env["res.company"].search([("vat", "=", RFC)])  # noqa: F821
if not company:
    company = env["res.company"].create(  # noqa: F821
        {
            "name": "Primera Carga, S.A. de C.V.",
            "vat": RFC,
            "country_id": env.ref("base.mx").id,  # noqa: F821
        }
    )
    env.ref("base.user_admin").company_ids |= company  # noqa: F821
env.user.company_ids |= company  # noqa: F821
env = env(context=dict(env.context, allowed_company_ids=company.ids))  # noqa: F821
if not env["immex.program"].search_count([("company_id", "=", company.id)]):
    env["immex.program"].create(
        {"company_id": company.id, "name": "4821-2019", "valid_from": "2019-01-01"}
    )
    env["product.product"].create(
        {
            "name": "Terminal",
            "default_code": "PC-TERM-01",
            "company_id": company.id,
            "is_storable": True,
            "immex_class": "material",
        }
    )

stream = io.BytesIO()
with DataStageWriter(stream, "77") as writer:
    for table, rows in tables.items():
        columns = TABLES[table]
        writer.table(table, ([row.get(name) for name in columns] for row in rows))
stream.seek(0)
loaded = env["immex.pedimento.file"]._load_file("datastage", company, stream, "77.zip")
print(f"1. Data Stage: {loaded.file.row_count_text}")

loading = env["immex.first.loading"].search([("company_id", "=", company.id)], limit=1)
loading = loading or loading.create({"company_id": company.id})
print(f"   months {loading.covered}, without any pedimento: {loading.gaps}")

loading.action_record()
loading.job_id._run_now()  # the button leaves this to a process of its own
print(
    f"2. Recorded: {loading.before_count} before, {loading.after_count} after,"
    f" {loading.passed_count} passed over, of {loading.government_count}"
)
for chain in loading.chain_ids:
    print(f"   {chain.original_id.number} rectified by {chain.last_id.number}")
print(
    f"3. Wait: {loading.waiting_count} partidas,"
    f" {loading.unmapped_count} parts without product"
)

env.cr.commit()  # the run reads on a connection of its own
env["immex.discharge.run"]._run_company(company, "first loading")
loading.action_report()
for line in loading.balance_ids:
    print(
        f"4. {line.fraccion}, expires {line.month}: imported {line.imported},"
        f" discharged {line.discharged}, left {line.remaining} (UMT {line.umt_code})"
    )
for line in loading.short_ids:
    print(f"   short: {line.product_id.default_code} {line.short}")
env.cr.commit()
