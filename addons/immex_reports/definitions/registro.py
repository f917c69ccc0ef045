# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The record of the 48 hours: Anexo 24, apartado C, first paragraph (24 hours for a
SECIIT, apartado B): end of customs clearance against registration, per pedimento.

Times are those of the plant's zone. Where nobody told when clearance ended, the end of
the day of the selection, else of the payment, is presumed, and said to be.
"""

from .base import DATE, FLAG, INTEGER, Column, Report

ZONE = "COALESCE(owner.tz, 'America/Mexico_City')"


def _local(moment):
    return (
        f"to_char({moment} AT TIME ZONE 'UTC' AT TIME ZONE {ZONE},"
        " 'YYYY-MM-DD HH24:MI')"
    )


REGISTRO = Report(
    code="registro",
    title="Registro de la actualización del inventario",
    english="Inventory update after clearance",
    source="RGCE Anexo 24, C y B, primer párrafo",
    period="period",
    group_by=("tardio",),
    query=f"""
SELECT p.number AS pedimento,
       p.id AS pedimento_id,
       k.code AS clave,
       CASE p.operation_type WHEN '1' THEN 'Importación' ELSE 'Exportación' END
           AS operacion,
       p.payment_date AS fecha_pago,
       {_local("t.ended")} AS fin_despacho,
       p.cleared_at IS NULL AS presunto,
       {_local("t.registered")} AS registrado,
       ceil(extract(epoch FROM t.registered - t.ended) / 3600)::integer AS horas,
       company.immex_update_hours AS plazo,
       t.registered > t.ended + company.immex_update_hours * interval '1 hour' AS tardio
  FROM immex_pedimento p
  JOIN immex_pedimento_key k ON k.id = p.key_id
  JOIN res_company company ON company.id = p.company_id
  JOIN res_partner owner ON owner.id = company.partner_id
  CROSS JOIN LATERAL (
      SELECT COALESCE(p.registered_at, p.create_date) AS registered,
             COALESCE(p.cleared_at,
                 (COALESCE(p.modulation_date, p.payment_date) + 1)::timestamp
                     AT TIME ZONE {ZONE} AT TIME ZONE 'UTC') AS ended
  ) t
 WHERE p.company_id = %(company_id)s AND p.state <> 'cancelled'
   AND p.payment_date BETWEEN %(date_from)s AND %(date_to)s
 ORDER BY t.ended, p.number15
""",
    columns=(
        Column(
            "pedimento",
            "Número de pedimento",
            "Pedimento",
            record="immex.pedimento",
            width=23,
        ),
        Column("clave", "Clave del pedimento", "Key", width=8),
        Column("operacion", "Operación", "Operation", width=12),
        Column("fecha_pago", "Fecha de pago", "Payment Date", DATE, width=12),
        Column(
            "fin_despacho",
            "Conclusión del despacho",
            "Clearance Ended",
            source="Anexo 24 C, primer párrafo",
            width=17,
        ),
        Column(
            "presunto",
            "Conclusión presunta",
            "Presumed",
            FLAG,
            width=10,
        ),
        Column(
            "registrado",
            "Registro en el sistema",
            "Registered",
            source="Anexo 24 C, primer párrafo",
            width=17,
        ),
        Column("horas", "Horas transcurridas", "Hours", INTEGER, width=10),
        Column("plazo", "Plazo en horas", "Hours Allowed", INTEGER, width=8),
        Column("tardio", "Fuera de plazo", "Late", FLAG, width=8),
    ),
)
