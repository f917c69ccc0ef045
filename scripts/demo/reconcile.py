# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demo company's books against the government's data, and its stock against them:
``make shell < scripts/demo/reconcile.py``, after the demo.

A Data Stage zip of October is made of the books, and five things are changed in it; the
work lists in Odoo show them: menu Reconciliation.
"""

import io

from odoo.addons.immex_compliance.formats.datastage import TABLES, DataStageWriter

env = env  # noqa: F821, PLW0127  the shell gives it
company = env["res.company"].search([("vat", "=", "ARB150612KM4")], limit=1)
env.user.company_ids |= company
env = env(context=dict(env.context, allowed_company_ids=company.ids))
books = env["immex.pedimento"].search(
    [
        ("company_id", "=", company.id),
        ("payment_date", ">=", "2026-10-01"),
        ("payment_date", "<=", "2026-10-31"),
        ("current_id", "=", False),
        ("origin", "=", "m3"),
    ],
    order="payment_date, number15",
)
tables = {name: [] for name in ("501", "507", "509", "510", "551", "554", "556", "557")}


def key(pedimento):
    return {
        "Patente": pedimento.patente,
        "Pedimento": pedimento.document,
        "SeccionAduanera": pedimento.office_section,
        "FechaPagoReal": f"{pedimento.payment_date} 10:00:00",
    }


def add(name, pedimento, partida, **values):
    row = key(pedimento) | values
    if partida:
        row |= {
            "Fraccion": partida.fraccion,
            "SecuenciaFraccion": partida.sequence,
        }
    tables[name].append({column: str(value or "") for column, value in row.items()})


for pedimento in books:
    add(
        "501",
        pedimento,
        None,
        TipoOperacion=pedimento.operation_type,
        ClaveDocumento=pedimento.key_id.code,
        Rfc=pedimento.rfc,
        TipoCambio=f"{pedimento.exchange_rate:.5f}",
        TotalFletes=f"{pedimento.freight:.2f}",
        TotalSeguros=f"{pedimento.insurance:.2f}",
        TotalEmbalajes=f"{pedimento.packing:.2f}",
        TotalIncrementables=f"{pedimento.other_increments:.2f}",
        PesoBrutoMercancia=f"{pedimento.gross_weight:.3f}",
        NombreContribuyente=pedimento.trader_name,
        TipoPedimento="1",
    )
    for partida in pedimento.partida_ids:
        add(
            "551",
            pedimento,
            partida,
            SubdivisionFraccion=partida.nico,
            DescripcionMercancia=partida.description,
            ValorAduana=f"{partida.customs_value:.2f}",
            ValorComercial=f"{partida.commercial_value:.2f}",
            ValorDolares=f"{partida.value_usd:.2f}",
            ValorAgregado=f"{partida.added_value:.2f}",
            CantidadUMComercial=f"{partida.qty_umc:.3f}",
            UnidadMedidaComercial=partida.umc_id.code,
            CantidadUMTarifa=f"{partida.qty_umt:.5f}",
            UnidadMedidaTarifa=partida.umt_id.code,
            ClaveVinculacion=partida.linkage,
            MetodoValorizacion=partida.valuation_method,
            PaisOrigenDestino=partida.origin_code,
            PaisCompradorVendedor=partida.seller_code,
        )
    for row in pedimento.contribution_ids:
        amount = row.kind == "amount"
        values = {"ClaveContribucion": row.code} | (
            {"FormaPago": row.payment_form, "ImportePago": f"{row.amount:.0f}"}
            if amount
            else {"TasaContribucion": f"{row.rate:.10f}", "TipoTasa": row.rate_type}
        )
        name = ("510" if amount else "509", "557" if amount else "556")
        add(name[bool(row.partida_id)], pedimento, row.partida_id, **values)
    for row in pedimento.identifier_ids:
        add(
            "554" if row.partida_id else "507",
            pedimento,
            row.partida_id,
            ClaveCaso=row.code,
            IdentificadorCaso=row.complement1,
            ComplementoCaso=row.complement2,
        )

# what the government says differently
tables["551"][1]["ValorComercial"] = str(
    float(tables["551"][1]["ValorComercial"]) + 250
)
tables["551"][2]["PaisOrigenDestino"] = "VNM"
tables["554"][0]["IdentificadorCaso"] = "CAN"
charged = next(row for row in tables["557"] if row["FormaPago"] in ("21", "22"))
charged["ImportePago"] = str(int(charged["ImportePago"]) + 40)
gone = tables["501"][-1]["Pedimento"]
for name, rows in tables.items():
    tables[name] = [row for row in rows if row["Pedimento"] != gone]
only_there = dict(tables["501"][0], Pedimento="6009999")
tables["501"].append(only_there)
tables["551"].append(dict(tables["551"][0], Pedimento="6009999"))

stream = io.BytesIO()
with DataStageWriter(stream, "88") as writer:
    for name, rows in tables.items():
        columns = TABLES[name]
        writer.table(name, ([row.get(column) for column in columns] for row in rows))
stream.seek(0)
loaded = env["immex.pedimento.file"]._load_file(
    "datastage", company, stream, "ds_2026-10.zip"
)
print(f"1. Data Stage: {loaded.file.row_count_text}")

run = env["immex.reconciliation"].create(
    {"company_id": company.id, "date_from": "2026-09-01", "date_to": "2026-10-31"}
)
run.action_run()
print(f"2. Agree: {run.agree_count} of {run.record_count}, {run.share} %")
print(f"   no file covers {run.gaps}: {run.uncovered_count} pedimentos not compared")
for line in run.line_ids:
    print(f"   {line.display_name}: {line.level} {line.kind} {line.field or ''}")
    if line.ours or line.theirs:
        print(f"      books {line.ours or '-'}, Data Stage {line.theirs or '-'}")

balance = env["immex.stock.balance"].create(
    {"company_id": company.id, "date": "2026-10-31"}
)
balance.action_run()
print(
    f"3. Customs balance against stock: {balance.part_count} parts, open"
    f" {balance.open_count}"
)
for line in balance.line_ids:
    print(
        f"   {line.product_id.default_code}: customs {line.customs_balance:g}, on hand"
        f" {line.on_hand:g}, unexplained {line.unexplained:g}"
    )
env.cr.commit()
