# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The account of Anexo 30 at a cut-off date, and Anexo 24 against it.

From the last replay of the authority's view of that day: whoever asks for one of these
reports has it made anew (``models/scccyg/immex_report_run.py``). Ours, not official.
"""

from .base import DATE, FLAG, INTEGER, MONEY, Column, Report
from .words import cause, credit_account

_REPLAY = """
  JOIN (SELECT id FROM immex_scccyg_replay
         WHERE company_id = %(company_id)s AND state = 'done' AND date = %(date_to)s
         ORDER BY id DESC LIMIT 1) r ON r.id = x.replay_id
 WHERE x.company_id = %(company_id)s
"""
_ACCOUNT = Column("cuenta", "Cuenta", "Account", source="Anexo 30 II-a-2", width=15)
_FRACCION = Column(
    "fraccion",
    "Fracción arancelaria",
    "Tariff Item",
    source="Anexo 30 III-c-4",
    width=11,
)
_ASSET = Column(
    "activo_fijo",
    "Activo fijo",
    "Fixed Asset",
    FLAG,
    source="Anexo 30 II-a-3",
    width=8,
)
_WHY = Column("causa", "Causa de la diferencia", "Why", width=38)


def _money(name, label, english, source=""):
    return Column(name, label, english, MONEY, 2, "MXN", source, total=True, width=16)


_CHARGED = _money("cargado", "Cargado, Anexo 30", "Charged", "Anexo 30 I-e-4, II")
_APPLIED = _money("aplicado", "Descargado, Anexo 30", "Discharged", "Anexo 30 III-c-5")
_REMAINING = _money("pendiente", "Pendiente, Anexo 30", "Remaining")
_OVER = _money("sobredescargo", "Sobredescargo", "Over-discharged")
_EXPIRED = _money("vencido", "Vencido por plazo presunto", "Expired", "Anexo 30 V-a-2")
_OUR_CHARGED = _money("importado", "Importado, Anexo 24", "Imported, Anexo 24")
_OUR_TAKEN = _money("descargado", "Descargado, Anexo 24", "Discharged, Anexo 24")
_OURS = _money("saldo_anexo24", "Saldo, Anexo 24", "Balance, Anexo 24")
_DIFFERENCE = _money("diferencia", "Anexo 30 menos Anexo 24", "Anexo 30 Less Anexo 24")

ANEXO30_RESUMEN = Report(
    code="anexo30_resumen",
    title="Comparativo de Anexo 24 contra Anexo 30, resumen por fracción",
    english="Anexo 24 against Anexo 30, by tariff item",
    source="RGCE Anexo 30, III y V",
    period="cutoff",
    group_by=("cuenta",),
    official=False,
    query=f"""
SELECT {credit_account("x.account")} AS cuenta,
       x.fraccion,
       x.fixed_asset AS activo_fijo,
       x.charged AS cargado,
       x.discharged AS aplicado,
       x.over AS sobredescargo,
       x.balance AS saldo_anexo30,
       x.our_charged AS importado,
       x.our_discharged AS descargado,
       x.our_balance AS saldo_anexo24,
       x.difference AS diferencia,
       {cause("x.cause")} AS causa
  FROM immex_scccyg_replay_line x
  {_REPLAY}
 ORDER BY x.account, x.fraccion COLLATE "C", x.fixed_asset
""",
    columns=(
        _ACCOUNT,
        _FRACCION,
        _ASSET,
        _CHARGED,
        _APPLIED,
        _OVER,
        _money(
            "saldo_anexo30", "Saldo, Anexo 30", "Balance, Anexo 30", "Anexo 30 V-a-4"
        ),
        _OUR_CHARGED,
        _OUR_TAKEN,
        _OURS,
        _DIFFERENCE,
        _WHY,
    ),
)

ANEXO30_DETALLE = Report(
    code="anexo30_detalle",
    title="Comparativo de Anexo 24 contra Anexo 30, detalle por pedimento",
    english="Anexo 24 against Anexo 30, by pedimento",
    source="RGCE Anexo 30, I-e y V-a-3",
    period="cutoff",
    group_by=("fraccion",),
    official=False,
    query=f"""
SELECT {credit_account("x.account")} AS cuenta,
       x.fraccion,
       x.fixed_asset AS activo_fijo,
       x.number AS pedimento,
       x.pedimento_id AS pedimento_id,
       x.payment_date AS fecha_pago,
       CASE x.source WHEN 'initial' THEN 'Inventario inicial'
            WHEN 'government' THEN 'Data Stage' WHEN 'books' THEN 'Pedimento'
            ELSE 'Sin cargo' END AS origen,
       x.value AS cargado,
       x.discharged AS aplicado,
       x.remaining AS pendiente,
       x.term_end AS vence_presunto,
       x.expired AS vencido,
       x.our_charged AS importado,
       x.our_discharged AS descargado,
       x.our_balance AS saldo_anexo24,
       x.our_term_end AS vence,
       x.difference AS diferencia,
       {cause("x.cause")} AS causa
  FROM immex_scccyg_replay_charge x
  {_REPLAY}
 ORDER BY x.id
""",
    columns=(
        _ACCOUNT,
        _FRACCION,
        _ASSET,
        Column(
            "pedimento",
            "Número de pedimento",
            "Pedimento",
            source="Anexo 30 I-e-1",
            record="immex.pedimento",
            width=23,
        ),
        Column(
            "fecha_pago",
            "Fecha de pago",
            "Payment Date",
            DATE,
            source="Anexo 30 I-e-2",
            width=12,
        ),
        Column("origen", "Origen del cargo", "Charged By", width=17),
        _CHARGED,
        _APPLIED,
        _REMAINING,
        Column(
            "vence_presunto",
            "Vencimiento presunto",
            "Presumed Expiry",
            DATE,
            source="Anexo 30 V-a-2",
            width=12,
        ),
        Column("vencido", "Vencido al corte", "Expired at Cut-off", FLAG, width=9),
        _OUR_CHARGED,
        _OUR_TAKEN,
        _OURS,
        Column("vence", "Vencimiento, Anexo 24", "Our Expiry", DATE, width=12),
        _DIFFERENCE,
        _WHY,
    ),
)

ANEXO30_CARGOS = Report(
    code="anexo30_cargos",
    title="Cargos y saldos por fracción, formas de pago 21 y 22",
    english="Charges and balances by tariff item, forms of payment 21 and 22",
    source="RGCE Anexo 30, I, II-a y V-a-4",
    period="cutoff",
    group_by=("cuenta",),
    official=False,
    query=f"""
SELECT {credit_account("x.account")} AS cuenta,
       x.fraccion,
       x.fixed_asset AS activo_fijo,
       count(DISTINCT x.number)::integer AS pedimentos,
       COALESCE(sum(x.value) FILTER (WHERE x.source = 'initial'), 0) AS inventario,
       COALESCE(sum(x.value) FILTER (WHERE x.source <> 'initial'), 0) AS importaciones,
       sum(x.tax) AS impuesto,
       sum(x.value) AS cargado,
       sum(x.discharged) AS aplicado,
       sum(x.remaining) AS pendiente,
       sum(x.tax_remaining) AS impuesto_pendiente,
       COALESCE(sum(x.remaining) FILTER (WHERE x.expired), 0) AS vencido
  FROM immex_scccyg_replay_charge x
  {_REPLAY} AND x.account <> 'none' AND x.source <> 'ours'
 GROUP BY x.account, x.fraccion, x.fixed_asset
 ORDER BY x.account, x.fraccion COLLATE "C", x.fixed_asset
""",
    columns=(
        _ACCOUNT,
        _FRACCION,
        _ASSET,
        Column("pedimentos", "Pedimentos", "Pedimentos", INTEGER, width=11),
        _money("inventario", "Inventario inicial", "Initial Inventory", "Anexo 30 I"),
        _money("importaciones", "Importaciones", "Imports", "Anexo 30 II-a"),
        _money(
            "impuesto", "IVA e IEPS cargados", "VAT and IEPS Charged", "Anexo 30 II-a"
        ),
        _CHARGED,
        _APPLIED,
        _REMAINING,
        _money("impuesto_pendiente", "IVA e IEPS pendientes", "VAT and IEPS Pending"),
        _EXPIRED,
    ),
)
