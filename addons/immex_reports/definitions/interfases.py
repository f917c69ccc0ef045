# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the corporate system recorded: Anexo 24, apartado B, II-a and b.

Odoo's own done moves, with the customs document that covers them.
"""

from .base import DATE, MONEY, QUANTITY, Column, Report
from .words import translated


def _interface(code, title, english, letter, words, movements, order):
    party, day, place, order_words = words
    source = f"Anexo 24 B-II-{letter}"
    return Report(
        code=code,
        title=title,
        english=english,
        source=f"RGCE Anexo 24, B-II-{letter}",
        period="period",
        group_by=("fecha",),
        query=f"""
SELECT pp.default_code AS numero_parte,
       pp.id AS numero_parte_id,
       m.quantity AS cantidad,
       {translated("uom.name")} AS unidad,
       told.value_usd AS monto_usd,
       m.date AS fecha,
       COALESCE(partner.ref, partner.id::text) AS clave_tercero,
       partner.id AS clave_tercero_id,
       partner.name AS tercero,
       COALESCE(pick.name, sm.reference) AS control,
       o.name AS orden,
       lot.name AS lote,
       told.numbers AS pedimentos,
       m.move_line_id::text AS identificador
  FROM immex_movement m
  JOIN product_product pp ON pp.id = m.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
  JOIN stock_move_line sl ON sl.id = m.move_line_id
  JOIN stock_move sm ON sm.id = sl.move_id
  LEFT JOIN stock_picking pick ON pick.id = m.picking_id
  LEFT JOIN stock_lot lot ON lot.id = m.lot_id
  LEFT JOIN res_partner partner ON partner.id = m.partner_id
  {order}
  LEFT JOIN LATERAL (
      SELECT CASE WHEN bool_and(g.value_usd IS NOT NULL) THEN
                 sum(round(g.value_usd * s.upto / NULLIF(g.quantity, 0), 2)
                     - round(g.value_usd * (s.upto - gl.quantity)
                             / NULLIF(g.quantity, 0), 2)) END AS value_usd,
             string_agg(DISTINCT p.number, ', ') AS numbers
        FROM immex_goods_link gl
        JOIN immex_pedimento_goods g ON g.id = gl.goods_id
        JOIN immex_pedimento p ON p.id = g.pedimento_id
        -- rounded where they add up, so that the parts sum to what was declared
        CROSS JOIN LATERAL (
            SELECT sum(k.quantity) AS upto
              FROM immex_goods_link k
              JOIN immex_movement n ON n.id = k.movement_id
             WHERE k.goods_id = g.id
               AND (n.date, n.move_line_id) <= (m.date, m.move_line_id)
        ) s
       WHERE gl.movement_id = m.id
  ) told ON TRUE
 WHERE m.company_id = %(company_id)s AND m.active AND m.kind IN ({movements})
   AND m.date BETWEEN %(date_from)s AND %(date_to)s
   AND pt.immex_class IS NOT NULL
 ORDER BY m.date, control, pp.default_code, m.move_line_id
""",
        columns=(
            Column(
                "numero_parte",
                "Número de parte",
                "Part Number",
                source=f"{source}-1",
                record="product.product",
                width=18,
            ),
            Column(
                "cantidad",
                "Cantidad",
                "Quantity",
                QUANTITY,
                6,
                "unidad",
                f"{source}-2",
            ),
            Column(
                "unidad",
                "Unidad de medida de comercialización",
                "Unit",
                source=f"{source}-3",
                width=12,
            ),
            Column(
                "monto_usd",
                "Monto en dólares",
                "Amount (USD)",
                MONEY,
                2,
                "USD",
                f"{source}-4",
                total=True,
            ),
            Column("fecha", *day, DATE, source=f"{source}-5", width=12),
            Column(
                "clave_tercero",
                *party,
                source=f"{source}-6",
                record="res.partner",
                width=12,
            ),
            Column("tercero", "Nombre", "Name", width=30),
            Column("control", *place, source=f"{source}-7", width=18),
            Column("orden", *order_words, source=f"{source}-8", width=14),
            Column("lote", "Lote o serie", "Lot or Serial", width=14),
            Column("pedimentos", "Pedimentos que la amparan", "Pedimentos", width=26),
            Column(
                "identificador",
                "Identificador del sistema corporativo",
                "Id in Odoo",
                source=f"{source}-9",
                width=12,
            ),
        ),
    )


INTERFASE_ENTRADAS = _interface(
    "interfase_entradas",
    "Módulo de interfase de entradas (importaciones temporales)",
    "Interface: receipts",
    "a",
    (
        ("Número de identificación del proveedor", "Supplier's Key"),
        ("Fecha de recibo de la mercancía", "Received On"),
        ("Número de factura comercial o control del recibo", "Receipt"),
        ("Orden de compra", "Purchase Order"),
    ),
    "'receipt', 'return_in'",
    """LEFT JOIN purchase_order_line ol ON ol.id = sm.purchase_line_id
  LEFT JOIN purchase_order o ON o.id = ol.order_id""",
)
INTERFASE_SALIDAS = _interface(
    "interfase_salidas",
    "Módulo de interfase de salidas (retornos, donaciones, destrucciones, cambios de"
    " régimen, etc.)",
    "Interface: exits",
    "b",
    (
        ("Número de identificación del cliente", "Customer's Key"),
        ("Fecha de transacción de la baja del sistema corporativo", "Left On"),
        ("Número de factura comercial o control del embarque", "Shipment"),
        ("Orden de venta/cliente", "Sale Order"),
    ),
    "'delivery', 'return_out', 'scrap'",
    """LEFT JOIN sale_order_line ol ON ol.id = sm.sale_line_id
  LEFT JOIN sale_order o ON o.id = ol.order_id""",
)
