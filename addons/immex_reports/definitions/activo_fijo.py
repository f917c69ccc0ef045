# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Fixed assets: Anexo 24, apartado A, II-d and apartado B, III-c: what came in and what
left, each exit with the import that it discharged."""

from . import customs
from .base import DATE, INTEGER, KNOWN, MONEY, QUANTITY, Column, Report
from .words import exit_kind, translated

# join ``buy``: the purchase order of a layer ``l``, by its receipt
PURCHASE = """LEFT JOIN LATERAL (
      SELECT o.name FROM immex_goods_link gl
        JOIN immex_movement m ON m.id = gl.movement_id
        JOIN stock_move_line sl ON sl.id = m.move_line_id
        JOIN stock_move sm ON sm.id = sl.move_id
        JOIN purchase_order_line ol ON ol.id = sm.purchase_line_id
        JOIN purchase_order o ON o.id = ol.order_id
       WHERE gl.goods_id = l.goods_id
       ORDER BY gl.id LIMIT 1
  ) buy ON TRUE"""

ACTIVO_FIJO = Report(
    code="activo_fijo",
    title="Módulo de activo fijo",
    english="Fixed assets",
    source="RGCE Anexo 24, A-II-d y B-III-c",
    period="period",
    group_by=("operacion",),
    query=f"""
SELECT j.operacion AS operacion,
       pp.default_code AS numero_parte,
       pp.id AS numero_parte_id,
       COALESCE(g.description, a.description, pt.immex_customs_description,
                {translated("pt.name")}) AS descripcion,
       COALESCE(a.brand, ia.brand) AS marca,
       COALESCE(a.model, ia.model) AS modelo,
       j.serie AS serie,
       COALESCE(p.number, d.act_number) AS pedimento,
       p.id AS pedimento_id,
       j.fecha AS fecha,
       COALESCE(k.code, 'ACTA') AS clave,
       rp.number AS rectificado_por,
       rp.id AS rectificado_por_id,
       a.sequence AS partida,
       COALESCE(a.fraccion, l.fraccion) AS fraccion,
       c.code AS pais_origen,
       COALESCE(duty.rate, l.igi_rate) AS tasa,
       duty.kind AS tipo_tasa,
       duty.agreement AS tratado,
       j.quantity AS cantidad,
       {translated("uom.name")} AS unidad,
       j.value_usd AS valor_usd,
       invoice.numbers AS factura,
       buy.name AS orden_compra,
       CASE WHEN j.exit_id IS NOT NULL THEN ip.number END AS pedimento_importacion,
       CASE WHEN j.exit_id IS NOT NULL THEN ip.id END AS pedimento_importacion_id,
       l.term_end AS vence,
       l.id AS vence_id,
       p.office_section AS aduana_seccion,
       transport.numbers AS guia,
       invoice.dates AS fecha_factura,{customs.REMESA_FIELDS}
  FROM (
      SELECT 'Importación temporal' AS operacion, l.product_id, l.pedimento_id,
             l.partida_id, l.goods_id, NULL::integer AS destruction_line_id,
             COALESCE(o.payment_date, p.payment_date, l.peps_date) AS fecha,
             l.quantity, l.value_usd,
             l.lot_name AS serie, l.id AS layer_id, NULL::integer AS exit_id,
             l.peps_key AS place
        FROM immex_layer l
        JOIN immex_pedimento p ON p.id = l.pedimento_id
        LEFT JOIN immex_pedimento o ON o.id = p.root_id
       WHERE l.company_id = %(company_id)s AND l.active
         AND l.customs_status = 'temporary' AND l.goods_class = 'fixed_asset'
         AND COALESCE(o.payment_date, p.payment_date, l.peps_date)
             BETWEEN %(date_from)s AND %(date_to)s
       UNION ALL
      SELECT {exit_kind("e.kind")}, e.product_id, e.pedimento_id, e.partida_id,
             e.goods_id, e.destruction_line_id, e.document_date,
             COALESCE(x.quantity, e.quantity), x.value_usd,
             COALESCE(lot.name, l.lot_name), x.layer_id, e.id,
             e.natural_key || '/' || COALESCE(l.peps_key, '')
        FROM immex_exit_line e
        LEFT JOIN immex_discharge x ON x.exit_line_id = e.id AND ({KNOWN})
        LEFT JOIN immex_layer l ON l.id = x.layer_id
        LEFT JOIN stock_lot lot ON lot.id = e.lot_id
       WHERE e.company_id = %(company_id)s AND e.active AND e.official AND e.is_asset
         AND e.document_date BETWEEN %(date_from)s AND %(date_to)s
       UNION ALL
      -- what left beyond what the imports had
      SELECT {exit_kind("e.kind")}, e.product_id, e.pedimento_id, e.partida_id,
             e.goods_id, e.destruction_line_id, e.document_date,
             e.quantity - taken.quantity, NULL, lot.name, NULL, e.id,
             e.natural_key || '/~'
        FROM immex_exit_line e
        CROSS JOIN LATERAL (
            SELECT sum(x.quantity) AS quantity FROM immex_discharge x
             WHERE x.exit_line_id = e.id AND ({KNOWN})
        ) taken
        LEFT JOIN stock_lot lot ON lot.id = e.lot_id
       WHERE e.company_id = %(company_id)s AND e.active AND e.official AND e.is_asset
         AND e.document_date BETWEEN %(date_from)s AND %(date_to)s
         AND e.quantity > taken.quantity
  ) j
  JOIN product_product pp ON pp.id = j.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
  LEFT JOIN immex_layer l ON l.id = j.layer_id
  LEFT JOIN immex_pedimento ip ON ip.id = l.pedimento_id
  LEFT JOIN immex_pedimento_partida ia ON ia.id = l.partida_id
  -- books have the last version: the first one, and by which it was rectified
  LEFT JOIN immex_pedimento last ON last.id = j.pedimento_id
  LEFT JOIN immex_pedimento p ON p.id = COALESCE(last.root_id, last.id)
  LEFT JOIN immex_pedimento_key k ON k.id = p.key_id
  LEFT JOIN immex_pedimento rp ON rp.id = last.id AND rp.id <> p.id
  LEFT JOIN immex_pedimento_partida a ON a.id = j.partida_id
  LEFT JOIN immex_pedimento_goods g ON g.id = j.goods_id
  LEFT JOIN immex_destruction_line dl ON dl.id = j.destruction_line_id
  LEFT JOIN immex_destruction d ON d.id = dl.destruction_id
  LEFT JOIN res_country c ON c.id = l.origin_country_id
  {customs.invoices("last.id")}{customs.remesas("p.id")}{customs.transport("last.id")}
  {customs.duty("l.partida_id")}
  {PURCHASE}
 ORDER BY j.fecha, COALESCE(p.number, d.act_number), a.sequence, j.place COLLATE "C"
""",
    columns=(
        Column(
            "operacion", "Operación", "Operation", source="Anexo 24 A-II-d", width=20
        ),
        Column(
            "numero_parte",
            "Número de parte",
            "Part Number",
            record="product.product",
            width=18,
        ),
        Column(
            "descripcion",
            "Descripción de la mercancía",
            "Description",
            source="Anexo 24 A-II-d-1, B-III-c-5",
            width=40,
        ),
        Column(
            "marca", "Marca", "Brand", source="Anexo 24 A-II-d-1, B-III-c-5", width=14
        ),
        Column(
            "modelo", "Modelo", "Model", source="Anexo 24 A-II-d-1, B-III-c-5", width=14
        ),
        Column(
            "serie",
            "Número de serie",
            "Serial",
            source="Anexo 24 B-III-c-5; LA 36-A-I",
            width=14,
        ),
        Column(
            "pedimento",
            "Número de pedimento",
            "Pedimento",
            source="Anexo 24 A-II-d-2, B-III-c-1",
            record="immex.pedimento",
            width=23,
        ),
        Column(
            "fecha",
            "Fecha del pedimento",
            "Date",
            DATE,
            source="Anexo 24 A-II-d-3, B-III-c-2",
            width=12,
        ),
        Column(
            "clave",
            "Clave del pedimento",
            "Key",
            source="Anexo 24 A-II-d-4, B-III-c-3",
            width=8,
        ),
        Column(
            "rectificado_por",
            "Pedimento de rectificación",
            "Rectified By",
            source="Anexo 24 B-III-c",
            record="immex.pedimento",
            width=23,
        ),
        Column("partida", "Partida", "Partida", INTEGER, width=8),
        Column(
            "fraccion",
            "Fracción arancelaria",
            "Tariff Item",
            source="Anexo 24 B-III-c-5",
            width=11,
        ),
        Column(
            "pais_origen",
            "País de origen de la mercancía",
            "Origin",
            source="Anexo 24 B-III-c-4",
            width=8,
        ),
        *customs.duty_columns("Anexo 24 B-III-c-6"),
        Column("cantidad", "Cantidad", "Quantity", QUANTITY, 6, "unidad"),
        Column("unidad", "Unidad", "Unit", width=10),
        Column(
            "valor_usd", "Valor en dólares", "Value (USD)", MONEY, 2, "USD", total=True
        ),
        *customs.invoice_columns("Anexo 24 B-III-c-8", "Factura comercial o CFDI"),
        Column(
            "orden_compra",
            "Orden de compra",
            "Purchase Order",
            source="Anexo 24 B-III-c-5",
            width=14,
        ),
        Column(
            "pedimento_importacion",
            "Pedimento de importación descargado",
            "Discharged Import",
            record="immex.pedimento",
            width=23,
        ),
        Column(
            "vence",
            "Vencimiento del plazo",
            "Expires",
            DATE,
            source="LA 108-III",
            record="immex.layer",
            width=12,
        ),
        customs.office_column("Anexo 24 A-II-d-2, B-III-c-1"),
        *customs.transport_columns("Anexo 24 B-III-c-7"),
        *customs.remesa_columns("Anexo 24 B-III-c-9"),
    ),
)
