# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Worksheet of the discharge reports of Anexo 30 (SCCCyG): what each figure of the text
file is made of, and what is left out, by which rule.

A row a discharge of a temporary layer, for the destinations and the documents of the
period. The values of a destination, tariff item and mark of fixed asset sum to that of
the report of the same period, cent by cent.
"""

from .base import DATE, FLAG, KNOWN, MONEY, QUANTITY, Column, Report
from .words import scccyg_destination, translated


def _upto(position):
    """Commercial value of a layer up to a position, rounded half up once."""
    return (
        f"round(div(2 * COALESCE(l.commercial_value, 0) * {position} * 100"
        " + l.quantity, 2 * l.quantity) / 100, 2)"
    )


ANEXO30 = Report(
    code="anexo30",
    title="Hoja de trabajo de los informes de descargo del SCCCyG",
    english="Worksheet of the SCCCyG discharge reports",
    source="RGCE Anexo 30, III",
    period="period",
    official=False,
    group_by=("destino", "fraccion"),
    query=f"""
SELECT {scccyg_destination("w.destination")} AS destino,
       w.document AS documento,
       w.pedimento_id AS documento_id,
       w.date AS fecha,
       w.exit_line_id AS fecha_id,
       w.fraccion,
       w.fixed_asset AS activo_fijo,
       CASE WHEN w.reason IS NULL THEN w.value ELSE 0.00 END AS valor,
       w.import_number AS pedimento_importacion,
       w.import_id AS pedimento_importacion_id,
       w.payment_date AS fecha_pago,
       w.form AS forma_pago,
       w.reason AS motivo,
       CASE WHEN w.reason IS NULL THEN 0.00 ELSE w.value END AS valor_excluido,
       w.initial AS inicial,
       w.folio,
       w.key_code AS clave,
       w.import_key AS clave_importacion,
       w.whole AS valor_importado,
       w.part AS numero_parte,
       w.product_id AS numero_parte_id,
       w.quantity AS cantidad,
       w.unit AS unidad,
       w.term_end AS vencimiento,
       w.layer_id AS vencimiento_id
  FROM (
    SELECT d.*,
           CASE
             WHEN d.start_date IS NULL THEN 'Sin configuración del SCCCyG'
             WHEN d.destination IS NULL THEN 'Sin destino aduanero (III-c-1)'
             WHEN NOT (d.initial OR d.charged) AND d.other THEN
                  'Forma de pago de otra cuenta (III-i)'
             WHEN NOT (d.initial OR d.charged) THEN
                  'Sin cargo: no se pagó con forma 21 ni 22 (II-a-2)'
             WHEN d.expiring = 'out'
                  AND d.term_end BETWEEN %(date_from)s AND %(date_to)s THEN
                  'El plazo de retorno vence en el periodo (III-d)'
           END AS reason
      FROM (
        SELECT COALESCE(o.destination, CASE e.kind
                   WHEN 'export' THEN 'return'
                   WHEN 'provisional' THEN NULL ELSE e.kind END) AS destination,
               COALESCE(q.number, n.act_number) AS document,
               q.id AS pedimento_id,
               e.id AS exit_line_id,
               COALESCE(qk.code, 'ACTA') AS key_code,
               f.folio,
               f.date,
               l.fraccion,
               l.goods_class = 'fixed_asset' AS fixed_asset,
               {_upto("(x.layer_from + x.quantity)")}
                   - {_upto("x.layer_from")} AS value,
               p.number AS import_number,
               p.id AS import_id,
               pk.code AS import_key,
               p.payment_date,
               c.form,
               s.start_date,
               s.expiring,
               COALESCE(COALESCE(first.payment_date, p.payment_date) < s.start_date,
                        FALSE) AS initial,
               COALESCE(CASE s.account
                   WHEN 'credit' THEN c.credit WHEN 'guarantee' THEN c.guarantee
                   ELSE c.credit OR c.guarantee END, FALSE) AS charged,
               COALESCE(c.credit OR c.guarantee, FALSE) AS other,
               COALESCE(l.commercial_value, 0) AS whole,
               pp.default_code AS part,
               pp.id AS product_id,
               x.quantity,
               {translated("uom.name")} AS unit,
               l.term_end,
               l.id AS layer_id,
               e.natural_key,
               l.peps_date,
               l.peps_key,
               x.layer_from
          FROM immex_discharge x
          JOIN immex_layer l ON l.id = x.layer_id
          JOIN immex_pedimento p ON p.id = l.pedimento_id
          JOIN immex_pedimento_key pk ON pk.id = p.key_id
          -- a rectification corrects the charge of its first version
          LEFT JOIN immex_pedimento first ON first.id = p.root_id
          JOIN immex_exit_line e ON e.id = x.exit_line_id
          JOIN product_product pp ON pp.id = l.product_id
          JOIN product_template pt ON pt.id = pp.product_tmpl_id
          JOIN uom_uom uom ON uom.id = pt.uom_id
          LEFT JOIN immex_operation_rule o ON o.id = e.operation_rule_id
          LEFT JOIN immex_pedimento q ON q.id = e.pedimento_id
          LEFT JOIN immex_pedimento_key qk ON qk.id = q.key_id
          LEFT JOIN immex_destruction_line dl ON dl.id = e.destruction_line_id
          LEFT JOIN immex_destruction n ON n.id = dl.destruction_id
          -- a constancia, CFDI or notice: its folio names it, its date is the period's
          CROSS JOIN LATERAL (
              SELECT COALESCE(o.destination, e.kind) IN ('ctm', 'cfdi', 'donation')
                  AS has
          ) by_folio
          CROSS JOIN LATERAL (
              SELECT COALESCE(n.notice_folio,
                              CASE WHEN by_folio.has THEN q.scccyg_folio END) AS folio,
                     COALESCE(n.notice_date,
                              CASE WHEN by_folio.has THEN q.scccyg_date END,
                              e.document_date) AS date
          ) f
          LEFT JOIN LATERAL (
              SELECT string_agg(DISTINCT t.payment_form, ', ' ORDER BY t.payment_form)
                         FILTER (WHERE t.code = '3'
                                    OR t.payment_form IN ('21', '22')) AS form,
                     bool_or(t.payment_form = '21') AS credit,
                     bool_or(t.payment_form = '22') AS guarantee
                FROM immex_pedimento_contribution t
               WHERE t.pedimento_id = p.id AND t.kind = 'amount'
                 -- sums of the pedimento tell where no partida tells of its own
                 AND (t.partida_id = l.partida_id
                      OR t.partida_id IS NULL AND NOT EXISTS (
                         SELECT FROM immex_pedimento_contribution i
                          WHERE i.pedimento_id = p.id AND i.kind = 'amount'
                            AND i.partida_id IS NOT NULL
                            AND i.payment_form IN ('21', '22')))
          ) c ON TRUE
          LEFT JOIN LATERAL (
              SELECT y.start_date, y.account, y.expiring FROM immex_scccyg_layout y
               WHERE y.company_id = x.company_id AND y.valid_from <= %(date_to)s
               ORDER BY y.valid_from DESC LIMIT 1
          ) s ON TRUE
         WHERE x.company_id = %(company_id)s AND ({KNOWN})
           AND e.official AND l.customs_status = 'temporary'
           AND f.date BETWEEN %(date_from)s AND %(date_to)s
      ) d
  ) w
 ORDER BY w.destination NULLS LAST, w.fraccion COLLATE "C", w.fixed_asset, w.date,
          w.natural_key COLLATE "C", w.peps_date, w.peps_key, w.layer_from
""",
    columns=(
        Column(
            "destino",
            "Destino aduanero",
            "Destination",
            source="RGCE Anexo 30, III-c-1",
            width=24,
        ),
        Column(
            "documento",
            "Pedimento o acta de salida",
            "Exit Pedimento or Act",
            source="RGCE Anexo 30, III-c-3",
            record="immex.pedimento",
            width=23,
        ),
        Column(
            "fecha",
            "Fecha de cierre",
            "Closing Date",
            DATE,
            source="RGCE Anexo 30, III-c-2",
            record="immex.exit.line",
            width=12,
        ),
        Column(
            "fraccion",
            "Fracción arancelaria de importación",
            "Tariff Item of the Import",
            source="RGCE Anexo 30, III-c-4",
            width=12,
        ),
        Column(
            "activo_fijo",
            "Activo fijo",
            "Fixed Asset",
            FLAG,
            source="RGCE Anexo 30, II-a-3",
            width=8,
        ),
        Column(
            "valor",
            "Valor comercial informado",
            "Value Reported (MXN)",
            MONEY,
            2,
            "MXN",
            source="RGCE Anexo 30, III-c-5",
            total=True,
        ),
        Column(
            "pedimento_importacion",
            "Pedimento de importación",
            "Import Pedimento",
            record="immex.pedimento",
            width=23,
        ),
        Column(
            "fecha_pago",
            "Fecha de pago de la importación",
            "Import Paid",
            DATE,
            source="RGCE Anexo 30, I-e-2 y V-a-3",
            width=12,
        ),
        Column(
            "forma_pago",
            "Forma de pago",
            "Form of Payment",
            source="RGCE Anexo 30, II-a-2; Anexo 22, apéndice 13",
            width=10,
        ),
        Column(
            "motivo",
            "Motivo de exclusión",
            "Why Left Out",
            source="RGCE Anexo 30, II, III-d, III-i",
            width=40,
        ),
        Column(
            "valor_excluido",
            "Valor comercial excluido",
            "Value Left Out (MXN)",
            MONEY,
            2,
            "MXN",
            total=True,
        ),
        Column(
            "inicial",
            "Inventario inicial",
            "Initial Inventory",
            FLAG,
            source="RGCE Anexo 30, I",
            width=10,
        ),
        Column(
            "folio",
            "Folio de aviso, CTM o CFDI",
            "Folio of Notice, CTM or CFDI",
            source="RGCE Anexo 30, III-c-3",
            width=20,
        ),
        Column("clave", "Clave de salida", "Exit Key", width=8),
        Column("clave_importacion", "Clave de importación", "Import Key", width=8),
        Column(
            "valor_importado",
            "Valor comercial importado",
            "Value of the Import (MXN)",
            MONEY,
            2,
            "MXN",
        ),
        Column(
            "numero_parte",
            "Número de parte",
            "Part Number",
            record="product.product",
            width=18,
        ),
        Column("cantidad", "Cantidad descargada", "Quantity", QUANTITY, 6, "unidad"),
        Column("unidad", "Unidad", "Unit", width=10),
        Column(
            "vencimiento",
            "Vencimiento del plazo",
            "Term Ends",
            DATE,
            source="RGCE Anexo 30, III-d",
            record="immex.layer",
            width=12,
        ),
    ),
)
