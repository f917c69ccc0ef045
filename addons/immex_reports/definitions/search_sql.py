# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Where the authority begins from a number: pedimentos, and goods still under import.

Parameters: ``company_id``, ``pattern`` (for LIKE, of a number without its spaces).
"""

from .base import DATE, INTEGER, Column, Table

FOUND_PEDIMENTOS = Table(
    "pedimentos",
    "Pedimentos",
    """
SELECT p.number AS numero,
       p.id AS numero_id,
       k.code AS clave,
       CASE p.operation_type WHEN '1' THEN 'Importación' ELSE 'Exportación' END
           AS operacion,
       p.entry_date AS fecha_entrada,
       p.payment_date AS fecha_pago
  FROM immex_pedimento p
  JOIN immex_pedimento_key k ON k.id = p.key_id
 WHERE p.company_id = %(company_id)s
   AND translate(p.number, ' -./', '') ILIKE %(pattern)s
 ORDER BY p.payment_date DESC, p.number
""",
    (
        Column("numero", "Número de pedimento", "Pedimento", record="immex.pedimento"),
        Column("clave", "Clave", "Key"),
        Column("operacion", "Operación", "Operation"),
        Column("fecha_entrada", "Fecha de entrada", "Date of Entry", DATE),
        Column("fecha_pago", "Fecha de pago", "Date of Payment", DATE),
    ),
)

FOUND_GOODS = Table(
    "mercancias",
    "Mercancías de importación temporal",
    """
SELECT pp.default_code AS numero_parte,
       l.fraccion,
       count(*) AS capas,
       min(l.peps_date) AS primera,
       max(l.peps_date) AS ultima
  FROM immex_layer l
  JOIN product_product pp ON pp.id = l.product_id
 WHERE l.company_id = %(company_id)s AND l.active
   AND l.customs_status = 'temporary'
   AND (translate(pp.default_code, ' -./', '') ILIKE %(pattern)s
        OR l.fraccion ILIKE %(pattern)s)
 GROUP BY pp.default_code, l.fraccion
 ORDER BY pp.default_code, l.fraccion
""",
    (
        Column("numero_parte", "Número de parte", "Part Number"),
        Column("fraccion", "Fracción arancelaria", "Tariff Item"),
        Column("capas", "Importaciones", "Imports", INTEGER),
        Column("primera", "Primera entrada", "First Entry", DATE),
        Column("ultima", "Última entrada", "Last Entry", DATE),
    ),
)
