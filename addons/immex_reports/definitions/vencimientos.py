# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What expires with balance: by layer with its ways out, by day and by month.

Empty amounts are unknown: a rate, an index or a value is missing, and ``faltan`` says
which. Totals by day and month count how many layers they leave out.
"""

from .base import DATE, FLAG, INTEGER, MONEY, QUANTITY, Column, Report
from .expiry_sql import figures
from .words import goods_class, missing_figures, rate_source, translated, way_state

SOURCE = "LA 108, 109, 110, 182-II, 183; RLA 140, 142, 166, 173, 176; RGCE 2.5.2"


def _money(name, label, english, source="", width=14):
    return Column(
        name, label, english, MONEY, 2, "MXN", source=source, total=True, width=width
    )


DEFERRED = (
    _money("diferido_igi", "IGI diferido", "Deferred IGI", "Apéndice 13"),
    _money("diferido_iva", "IVA diferido", "Deferred VAT", "Apéndice 13"),
    _money("diferido_cc", "Cuota compensatoria diferida", "Deferred CC"),
    _money("diferido_otros", "Otras diferidas", "Other Deferred"),
)
STAKE = (
    _money("igi", "IGI actualizado", "IGI, Updated", "LA 109; CFF 17-A"),
    _money("cc", "Cuota compensatoria", "Countervailing Duty", "LA 109"),
    _money("dta", "DTA", "DTA", "LFD 49"),
    _money("iva", "IVA", "VAT", "LIVA 27"),
    _money("recargos", "Recargos", "Surcharges", "CFF 21; RGCE 2.5.2-I-d"),
    _money("multa_min", "Multa mínima", "Fine, Lowest", "LA 183-III"),
    _money("multa_max", "Multa máxima", "Fine, Highest", "LA 183-III"),
)
COSTS = (
    _money(
        "extemporaneo_min",
        "Multa extemporánea mínima",
        "Late Fine, Lowest",
        "LA 183-II",
    ),
    _money(
        "extemporaneo_max",
        "Multa extemporánea máxima",
        "Late Fine, Highest",
        "LA 183-II",
    ),
    _money("costo_f4", "Costo del cambio de régimen", "Cost of F4 / F5", "LA 109, 110"),
    _money("costo_a3", "Costo de la regularización", "Cost of A3", "RGCE 2.5.2"),
)

VENCIMIENTOS = Report(
    code="vencimientos",
    title="Vencimientos y salidas posibles por capa",
    english="Expiry and ways out by layer",
    source=SOURCE,
    period="cutoff",
    group_by=("mes", "vence"),
    official=False,
    query=f"""
SELECT to_char(q.term_end, 'YYYY-MM') AS mes, q.term_end AS vence, q.id AS vence_id,
       -q.days AS dias, q.expired AS vencido, {translated("tr.name")} AS regla,
       {goods_class("q.goods_class")} AS clase, pp.default_code AS numero_parte,
       pp.id AS numero_parte_id, p.number AS pedimento, p.id AS pedimento_id,
       a.sequence AS partida, a.id AS partida_id, q.fraccion, c.code AS pais_origen,
       q.left_over AS saldo, {translated("uom.name")} AS unidad,
       q.value AS valor_aduana, q.deferred_igi AS diferido_igi,
       q.deferred_iva AS diferido_iva, q.deferred_cc AS diferido_cc,
       q.deferred_other AS diferido_otros, q.igi_rate AS tasa_igi,
       {rate_source("q.igi_source")} AS origen_tasa, q.igi, q.cc, q.dta,
       q.a3_iva AS iva, q.surcharges AS recargos, q.fine_min AS multa_min,
       q.fine_max AS multa_max, q.safe AS limite, {way_state("q.rt_state")} AS rt,
       {way_state("q.v1_state")} AS v1, q.late_min AS extemporaneo_min,
       q.late_max AS extemporaneo_max, {way_state("q.f4_state")} AS f4,
       CASE WHEN q.f4_state <> 'closed' THEN q.f4_cost END AS costo_f4,
       {way_state("q.destruction_state")} AS destruccion,
       q.destruction_by AS aviso_destruccion, {way_state("q.a3_state")} AS a3,
       CASE WHEN q.a3_state <> 'closed' THEN q.a3_cost END AS costo_a3,
       {missing_figures("q.missing")} AS faltan
  FROM ({figures()}) q
  JOIN product_product pp ON pp.id = q.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
  LEFT JOIN immex_pedimento p ON p.id = q.pedimento_id
  LEFT JOIN immex_pedimento_partida a ON a.id = q.partida_id
  LEFT JOIN immex_term_rule tr ON tr.id = q.term_rule_id
  LEFT JOIN res_country c ON c.id = q.origin_country_id
 ORDER BY q.term_end, p.number, a.sequence, q.peps_key COLLATE "C", q.id
""",
    columns=(
        Column("mes", "Mes de vencimiento", "Month of Expiry", width=9),
        Column(
            "vence",
            "Vencimiento del plazo",
            "Expires",
            DATE,
            source="LA 108; Decreto IMMEX art. 4",
            record="immex.layer",
            width=12,
        ),
        Column("dias", "Días al vencimiento", "Days Left", INTEGER, width=9),
        Column("vencido", "Vencido", "Expired", FLAG, width=9),
        Column(
            "numero_parte",
            "Número de parte",
            "Part Number",
            record="product.product",
            width=18,
        ),
        Column(
            "pedimento",
            "Número de pedimento",
            "Pedimento",
            record="immex.pedimento",
            width=23,
        ),
        Column("saldo", "Saldo", "Balance", QUANTITY, 6, "unidad"),
        Column("unidad", "Unidad", "Unit", width=10),
        _money("valor_aduana", "Valor en aduana", "Customs Value", "RLA 140-III"),
        Column("rt", "RT", "RT", source="LA 108, 111; RLA 176", width=13),
        Column("v1", "V1", "V1", source="RLA 166-II; RGCE 4.3.21", width=13),
        Column("f4", "F4 / F5", "F4 / F5", source="LA 109, 110; Apéndice 2", width=13),
        COSTS[2],
        Column(
            "destruccion",
            "Destrucción",
            "Destruction",
            source="RLA 142; RGCE 4.3.5",
            width=13,
        ),
        Column("a3", "A3", "A3", source="RGCE 2.5.2", width=13),
        COSTS[3],
        Column("faltan", "Datos que faltan", "Missing", width=30),
        Column(
            "limite",
            "Último día seguro",
            "Last Safe Day",
            DATE,
            source="CFF 12",
            width=12,
        ),
        Column(
            "aviso_destruccion",
            "Último día del aviso de destrucción",
            "Notice of Destruction By",
            DATE,
            source="RLA 142-I",
            width=12,
        ),
        *COSTS[:2],
        *DEFERRED,
        Column("tasa_igi", "Tasa IGI (%)", "Duty Rate (%)", QUANTITY, 6),
        Column("origen_tasa", "Origen de la tasa", "Rate From", width=12),
        *STAKE,
        Column("regla", "Regla del plazo", "Term Rule", source="LA 108", width=30),
        Column("clase", "Clase de mercancía", "Class", source="LA 108", width=14),
        Column(
            "partida", "Partida", "Partida", INTEGER, record="immex.pedimento.partida"
        ),
        Column("fraccion", "Fracción arancelaria", "Tariff Item", width=11),
        Column("pais_origen", "País de origen", "Origin", width=8),
    ),
)


def _sums():
    names = {
        "valor_aduana": "value",
        "diferido_igi": "deferred_igi",
        "diferido_iva": "deferred_iva",
        "diferido_cc": "deferred_cc",
        "diferido_otros": "deferred_other",
        "igi": "igi",
        "cc": "cc",
        "dta": "dta",
        "iva": "a3_iva",
        "recargos": "surcharges",
        "multa_min": "fine_min",
        "multa_max": "fine_max",
        "extemporaneo_min": "late_min",
        "extemporaneo_max": "late_max",
    }
    sums = [f"sum(q.{column}) AS {name}" for name, column in names.items()]
    for way in ("f4", "a3"):
        open_ones = f"FILTER (WHERE q.{way}_state <> 'closed')"
        sums.append(f"sum(q.{way}_cost) {open_ones} AS costo_{way}")
    return ",\n       ".join(sums)


def _summary(code, title, english, key, column):
    return Report(
        code=code,
        title=title,
        english=english,
        source=SOURCE,
        period="cutoff",
        official=False,
        query=f"""
SELECT {key} AS {column.name}, {translated("tr.name")} AS regla, count(*) AS capas,
       count(*) FILTER (WHERE q.missing <> '') AS incompletas,
       min(q.safe) AS limite, q.expired AS vencido,
       {_sums()}
  FROM ({figures()}) q
  LEFT JOIN immex_term_rule tr ON tr.id = q.term_rule_id
 GROUP BY {key}, tr.id, q.expired
 ORDER BY {key}, tr.sequence, tr.id, q.expired
""",
        columns=(
            column,
            Column("regla", "Regla del plazo", "Term Rule", source="LA 108", width=30),
            Column("vencido", "Vencido", "Expired", FLAG, width=9),
            Column("capas", "Capas", "Layers", INTEGER, width=9),
            Column(
                "incompletas",
                "Capas con datos faltantes",
                "Layers with Missing Figures",
                INTEGER,
                width=9,
            ),
            Column(
                "limite",
                "Primer día seguro",
                "First Safe Date",
                DATE,
                source="CFF 12",
                width=12,
            ),
            _money("valor_aduana", "Valor en aduana", "Customs Value", "RLA 140-III"),
            *DEFERRED,
            *STAKE,
            *COSTS,
        ),
    )


VENCIMIENTOS_MES = _summary(
    "vencimientos_mes",
    "Vencimientos por mes",
    "Expiry by month",
    "to_char(q.term_end, 'YYYY-MM')",
    Column("mes", "Mes de vencimiento", "Month of Expiry", width=9),
)
VENCIMIENTOS_DIA = _summary(
    "vencimientos_dia",
    "Vencimientos por día",
    "Expiry by day",
    "q.term_end",
    Column(
        "vence",
        "Vencimiento del plazo",
        "Expires",
        DATE,
        source="LA 108; Decreto IMMEX art. 4",
        width=12,
    ),
)
