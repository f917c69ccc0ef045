# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Queries behind the authority's pages."""

from .base import KNOWN
from .words import customs_status, discharge_kind, exit_kind

UNIT = "COALESCE(uom.name ->> %(lang)s, uom.name ->> 'en_US')"

# ``details`` says which column the record is.
DISCHARGES = f"""
SELECT COALESCE(xp.number, d.act_number, e.natural_key) AS salida,
       e.id AS salida_id,
       e.document_date AS fecha_salida,
       out.default_code AS producto,
       mo.name AS orden,
       mo.id AS orden_id,
       used.default_code AS material,
       {discharge_kind("x.kind")} AS tipo,
       x.quantity AS cantidad,
       {UNIT} AS unidad,
       x.qty_umc AS cantidad_umc,
       x.qty_umt AS cantidad_umt,
       x.value_usd AS valor_usd,
       x.customs_value AS valor_aduana,
       concat_ws(' / ', ip.number, a.sequence) AS capa,
       l.id AS capa_id,
       x.late AS extemporaneo,
       lpad(x.run_id::text, 6, '0') AS corrida
  FROM immex_discharge x
  JOIN immex_exit_line e ON e.id = x.exit_line_id
  JOIN immex_layer l ON l.id = x.layer_id
  JOIN immex_requirement r ON r.id = x.requirement_id
  JOIN product_product out ON out.id = e.product_id
  JOIN product_product used ON used.id = x.product_id
  JOIN product_template ut ON ut.id = used.product_tmpl_id
  JOIN uom_uom uom ON uom.id = ut.uom_id
  JOIN immex_pedimento ip ON ip.id = l.pedimento_id
  LEFT JOIN immex_pedimento_partida a ON a.id = l.partida_id
  LEFT JOIN immex_production_layer o ON o.id = r.production_layer_id
  LEFT JOIN mrp_production mo ON mo.id = o.production_id
  LEFT JOIN immex_pedimento xp ON xp.id = e.pedimento_id
  LEFT JOIN immex_destruction_line dl ON dl.id = e.destruction_line_id
  LEFT JOIN immex_destruction d ON d.id = dl.destruction_id
 WHERE x.company_id = %(company_id)s AND ({KNOWN})
   AND e.official AND l.customs_status = 'temporary'
   AND @condition@ = %(record_id)s
 ORDER BY e.document_date, e.natural_key, used.default_code, l.peps_date, l.peps_key,
          x.layer_from
"""

PEDIMENTO = """
SELECT p.number AS numero,
       p.office_section AS aduana_seccion,
       k.code AS clave,
       CASE p.operation_type WHEN '1' THEN 'Importación' ELSE 'Exportación' END
           AS operacion,
       p.entry_date AS fecha_entrada,
       p.payment_date AS fecha_pago,
       p.total_usd AS valor_usd,
       p.total_customs_value AS valor_aduana,
       f.name AS archivo,
       p.source_line AS renglon,
       f.sha256 AS huella
  FROM immex_pedimento p
  JOIN immex_pedimento_key k ON k.id = p.key_id
  LEFT JOIN immex_pedimento_file f ON f.id = p.file_id
 WHERE p.company_id = %(company_id)s AND p.id = %(record_id)s
"""

PEDIMENTO_GOODS = """
SELECT a.sequence AS partida,
       a.fraccion,
       COALESCE(pp.default_code, g.part_number) AS numero_parte,
       COALESCE(g.description, a.description) AS descripcion,
       CASE WHEN g.id IS NULL THEN a.qty_umc ELSE g.qty_umc END AS cantidad_umc,
       umc.name AS umc,
       CASE WHEN g.id IS NULL THEN a.qty_umt ELSE g.qty_umt END AS cantidad_umt,
       umt.name AS umt,
       CASE WHEN g.id IS NULL THEN a.value_usd ELSE g.value_usd END AS valor_usd,
       CASE WHEN g.id IS NULL THEN a.customs_value ELSE g.customs_value END
           AS valor_aduana,
       COALESCE(c.code, a.origin_code) AS pais,
       CASE WHEN l.id IS NOT NULL THEN 'Ver' END AS capa,
       l.id AS capa_id,
       CASE WHEN e.id IS NOT NULL THEN 'Ver' END AS salida,
       e.id AS salida_id
  FROM immex_pedimento_partida a
  LEFT JOIN immex_pedimento_goods g ON g.partida_id = a.id
  LEFT JOIN product_product pp ON pp.id = g.product_id
  -- the first of the remesas that the line came or left in
  LEFT JOIN LATERAL (
      SELECT x.id FROM immex_layer x
       WHERE x.goods_id = g.id AND x.active AND x.customs_status = 'temporary'
       ORDER BY x.available_date, x.peps_key LIMIT 1
  ) l ON TRUE
  LEFT JOIN LATERAL (
      SELECT x.id FROM immex_exit_line x
       WHERE x.goods_id = g.id AND x.active AND x.official
       ORDER BY x.date, x.natural_key LIMIT 1
  ) e ON TRUE
  LEFT JOIN immex_unit umc ON umc.id = a.umc_id
  LEFT JOIN immex_unit umt ON umt.id = a.umt_id
  LEFT JOIN res_country c ON c.id = COALESCE(g.origin_country_id, a.origin_country_id)
 WHERE a.company_id = %(company_id)s AND a.pedimento_id = %(record_id)s
 ORDER BY a.sequence, g.sequence
"""

PEDIMENTO_RECORDS = """
SELECT r.line AS renglon, r.record_type AS registro, r.text AS texto
  FROM immex_pedimento_record r
 WHERE r.company_id = %(company_id)s AND r.pedimento_id = %(record_id)s
 ORDER BY r.line
"""

EXIT = f"""
SELECT p.number AS documento,
       p.id AS documento_id,
       d.act_number AS acta,
       d.id AS acta_id,
       {exit_kind("e.kind")} AS tipo,
       e.document_date AS fecha_documento,
       e.date AS fecha_fisica,
       a.sequence AS partida,
       pp.default_code AS producto,
       e.quantity AS cantidad,
       {UNIT} AS unidad,
       partner.name AS destinatario
  FROM immex_exit_line e
  JOIN product_product pp ON pp.id = e.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
  LEFT JOIN immex_pedimento p ON p.id = e.pedimento_id
  LEFT JOIN immex_pedimento_partida a ON a.id = e.partida_id
  LEFT JOIN immex_destruction_line dl ON dl.id = e.destruction_line_id
  LEFT JOIN immex_destruction d ON d.id = dl.destruction_id
  LEFT JOIN res_partner partner ON partner.id = e.partner_id
 WHERE e.company_id = %(company_id)s AND e.id = %(record_id)s AND e.official
"""

_MOVEMENTS = """
  FROM immex_goods_link k
  JOIN immex_movement m ON m.id = k.movement_id
  LEFT JOIN stock_picking t ON t.id = m.picking_id
"""

EXIT_DELIVERIES = f"""
SELECT t.name AS entrega, m.date AS fecha, k.quantity AS cantidad
  {_MOVEMENTS}
  JOIN immex_exit_line e ON e.goods_id = k.goods_id
 WHERE k.company_id = %(company_id)s AND e.company_id = %(company_id)s
   AND e.id = %(record_id)s
 ORDER BY m.date, t.name, m.id
"""

LAYER = f"""
SELECT p.number AS pedimento,
       p.id AS pedimento_id,
       a.sequence AS partida,
       l.fraccion,
       pp.default_code AS material,
       l.peps_date AS fecha_entrada,
       l.quantity AS cantidad,
       l.qty_discharged AS descargado,
       l.quantity - l.qty_discharged AS saldo,
       {UNIT} AS unidad,
       c.code AS pais,
       l.term_end AS vence,
       COALESCE(tr.name ->> %(lang)s, tr.name ->> 'en_US') AS regla
  FROM immex_layer l
  JOIN immex_pedimento p ON p.id = l.pedimento_id
  LEFT JOIN immex_pedimento_partida a ON a.id = l.partida_id
  JOIN product_product pp ON pp.id = l.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
  LEFT JOIN res_country c ON c.id = l.origin_country_id
  LEFT JOIN immex_term_rule tr ON tr.id = l.term_rule_id
 WHERE l.company_id = %(company_id)s AND l.id = %(record_id)s
   AND l.customs_status = 'temporary'
"""

LAYER_RECEIPTS = f"""
SELECT t.name AS recibo, m.date AS fecha, k.quantity AS cantidad
  {_MOVEMENTS}
  JOIN immex_layer l ON l.goods_id = k.goods_id
 WHERE k.company_id = %(company_id)s AND l.company_id = %(company_id)s
   AND l.id = %(record_id)s
 ORDER BY m.date, t.name, m.id
"""

# An order has a page when production of the customs books came of it.
ORDER = """
SELECT mo.name AS numero, min(sub.name) AS submaquila
  FROM immex_production_layer o
  JOIN mrp_production mo ON mo.id = o.production_id
  LEFT JOIN res_partner sub ON sub.id = o.subcontractor_id
 WHERE o.company_id = %(company_id)s AND o.active AND o.production_id = %(record_id)s
 GROUP BY mo.name
"""

CONSUMPTION = f"""
SELECT o.date AS fecha,
       made.default_code AS producto,
       o.quantity AS producido,
       used.default_code AS material,
       c.qty_drawn AS consumido,
       c.qty_incorporated AS incorporado,
       c.qty_merma AS merma,
       c.qty_waste AS desperdicio,
       {UNIT} AS unidad,
       {customs_status("c.customs_status")} AS estado_aduanero
  FROM immex_production_consumption c
  JOIN immex_production_layer o ON o.id = c.production_layer_id
  JOIN product_product made ON made.id = o.product_id
  JOIN product_product used ON used.id = c.product_id
  JOIN product_template ut ON ut.id = used.product_tmpl_id
  JOIN uom_uom uom ON uom.id = ut.uom_id
 WHERE c.company_id = %(company_id)s AND c.active AND o.active
   AND o.kind = 'product' AND o.production_id = %(record_id)s
 ORDER BY o.date, o.natural_key, c.natural_key
"""

DESTRUCTION = """
SELECT d.notice_folio AS aviso,
       d.notice_date AS fecha_aviso,
       d.act_number AS acta,
       d.act_date AS fecha_acta,
       d.place AS lugar
  FROM immex_destruction d
 WHERE d.company_id = %(company_id)s AND d.id = %(record_id)s AND d.state = 'done'
"""

DESTRUCTION_EXITS = f"""
SELECT pp.default_code AS parte,
       e.id AS parte_id,
       e.quantity AS cantidad,
       {UNIT} AS unidad
  FROM immex_exit_line e
  JOIN immex_destruction_line dl ON dl.id = e.destruction_line_id
  JOIN product_product pp ON pp.id = e.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
 WHERE e.company_id = %(company_id)s AND e.active
   AND dl.destruction_id = %(record_id)s
 ORDER BY dl.sequence, e.natural_key
"""
