# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Catalogues of those with whom the company deals: Anexo 24, apartado B, I-d to g.

Who is inactive stays in them: the annex asks for five years.
"""

from .base import DATE, FLAG, Column, Report
from .datos_generales import address, address_fields, address_joins

REGISTRATIONS = """
       CASE partner.immex_registration_kind
            WHEN 'immex' THEN 'Programa IMMEX' WHEN 'ecex' THEN 'ECEX'
            WHEN 'automotive' THEN 'Industria automotriz terminal'
            WHEN 'rfe' THEN 'Recinto fiscalizado estratégico' END AS tipo_registro,
       partner.immex_registration AS registro"""


def _parties(code, title, english, letter, operation, movements, numbers):
    """``numbers``: those of the annex for key, name, registration, tax number,
    domicile."""
    key, name, registration, tax, domicile = (
        f"Anexo 24 B-I-{letter}-{number}" for number in numbers
    )
    return Report(
        code=code,
        title=title,
        english=english,
        source=f"RGCE Anexo 24, B-I-{letter}",
        period="cutoff",
        query=f"""
SELECT COALESCE(partner.ref, partner.id::text) AS clave,
       partner.id AS clave_id,
       COALESCE(partner.name, partner.complete_name) AS nombre,
       CASE WHEN partner_country.code IS NULL THEN NULL
            WHEN partner_country.code = 'MX' THEN 'Nacional' ELSE 'Extranjero' END
           AS origen,{REGISTRATIONS},
       partner.vat AS identificacion_fiscal,{address_fields("partner")},
       partner.active AS activo
  FROM (
      SELECT DISTINCT p.commercial_partner_id AS id
        FROM (
          SELECT m.partner_id FROM immex_movement m
           WHERE m.company_id = %(company_id)s AND m.kind IN ({movements})
             AND m.date <= %(date_to)s
           UNION
          SELECT d.partner_id FROM immex_pedimento d
           WHERE d.company_id = %(company_id)s AND d.operation_type = '{operation}'
             AND d.payment_date <= %(date_to)s
           UNION
          SELECT i.partner_id FROM immex_pedimento_invoice i
            JOIN immex_pedimento d ON d.id = i.pedimento_id
           WHERE d.company_id = %(company_id)s AND d.operation_type = '{operation}'
             AND d.payment_date <= %(date_to)s
        ) u
        JOIN res_partner p ON p.id = u.partner_id
  ) party
  JOIN res_partner partner ON partner.id = party.id{address_joins("partner")}
 ORDER BY nombre, partner.id
""",
        columns=(
            Column(
                "clave",
                "Número o clave de identificación",
                "Key",
                source=key,
                record="res.partner",
                width=12,
            ),
            Column(
                "nombre",
                "Nombre, denominación o razón social",
                "Name",
                source=name,
                width=36,
            ),
            Column(
                "origen",
                "Nacional o extranjero",
                "Domestic or Foreign",
                source=f"Anexo 24 B-I-{letter}-3",
                width=11,
            ),
            Column(
                "tipo_registro",
                "Tipo de registro o autorización",
                "Kind of Registration",
                source=registration,
                width=22,
            ),
            Column(
                "registro",
                "Número de registro o autorización",
                "Registration",
                source=registration,
                width=16,
            ),
            Column(
                "identificacion_fiscal",
                "Clave de identificación fiscal, RFC o CURP",
                "Tax Number",
                source=tax,
                width=16,
            ),
            *address(domicile),
            Column("activo", "Activo", "Active", FLAG, width=8),
        ),
    )


PROVEEDORES = _parties(
    "proveedores",
    "Catálogo de proveedores",
    "Catalogue of suppliers",
    "d",
    "1",
    "'receipt', 'return_out'",
    (1, 2, 4, 5, 6),
)
CLIENTES = _parties(
    "clientes",
    "Catálogo de clientes",
    "Catalogue of customers",
    "e",
    "2",
    "'delivery', 'return_in'",
    (1, 2, 4, 3, 5),
)
SUBMAQUILA = Report(
    code="submaquila",
    title="Catálogo de submanufactura o submaquila",
    english="Catalogue of sub-manufacturers",
    source="RGCE Anexo 24, B-I-f",
    period="cutoff",
    query=f"""
SELECT COALESCE(owner.ref, owner.id::text) AS clave,
       owner.id AS clave_id,
       owner.name AS nombre,
       owner.vat AS rfc,
       s.authorization AS autorizacion,
       s.valid_from AS fecha_autorizacion,
       s.valid_to AS hasta,{address_fields("partner")}
  FROM immex_program_site s
  JOIN immex_program g ON g.id = s.program_id
  JOIN res_partner partner ON partner.id = s.partner_id
  JOIN res_partner owner ON owner.id = partner.commercial_partner_id
  {address_joins("partner")}
 WHERE s.company_id = %(company_id)s AND s.kind = 'submaquila'
   AND COALESCE(s.valid_from, %(date_to)s) <= %(date_to)s
 ORDER BY nombre, s.id
""",
    columns=(
        Column(
            "clave",
            "Número o clave de identificación",
            "Key",
            source="Anexo 24 B-I-f-1",
            record="res.partner",
            width=12,
        ),
        Column(
            "nombre",
            "Nombre, denominación o razón social",
            "Name",
            source="Anexo 24 B-I-f-2",
            width=36,
        ),
        Column("rfc", "Clave en el RFC", "RFC", width=14),
        Column(
            "autorizacion",
            "Número de autorización de la SE",
            "Authorization",
            source="Anexo 24 B-I-f-3",
            width=18,
        ),
        Column(
            "fecha_autorizacion",
            "Fecha de autorización",
            "Authorized On",
            DATE,
            source="Anexo 24 B-I-f-3",
            width=12,
        ),
        Column("hasta", "Registrado hasta", "Until", DATE, width=12),
        *address("Anexo 24 B-I-f-4"),
    ),
)
AGENTES = Report(
    code="agentes",
    title="Catálogo de agentes y agencias aduanales y apoderados",
    english="Catalogue of customs brokers",
    source="RGCE Anexo 24, B-I-g",
    period="cutoff",
    query=f"""
SELECT COALESCE(b.patente, u.patente) AS patente,
       b.name AS nombre,
       partner.name AS razon_social,
       partner.id AS razon_social_id,
       partner.vat AS rfc,
       u.curp AS curp,{address_fields("partner")},
       b.date_from AS desde,
       b.date_to AS hasta
  FROM (
      SELECT t.name AS patente, r.name, r.partner_id, min(a.date_from) AS date_from,
             CASE WHEN bool_or(a.date_to IS NULL) THEN NULL ELSE max(a.date_to) END
                 AS date_to
        FROM immex_broker_appointment a
        JOIN immex_broker r ON r.id = a.broker_id
        JOIN immex_broker_patent t ON t.broker_id = r.id
       WHERE a.company_id = %(company_id)s
         AND COALESCE(a.date_from, %(date_to)s) <= %(date_to)s
       GROUP BY t.name, r.name, r.partner_id
  ) b
  -- patents of the pedimentos, whether somebody registered the broker or not
  FULL JOIN (
      SELECT d.patente, (array_agg(d.agent_curp ORDER BY d.payment_date DESC, d.id DESC)
                             FILTER (WHERE d.agent_curp <> ''))[1] AS curp
        FROM immex_pedimento d
       WHERE d.company_id = %(company_id)s AND d.payment_date <= %(date_to)s
       GROUP BY d.patente
  ) u ON u.patente = b.patente
  LEFT JOIN res_partner partner ON partner.id = b.partner_id{address_joins("partner")}
 ORDER BY 1, nombre
""",
    columns=(
        Column(
            "patente",
            "Número de patente o autorización",
            "Patent",
            source="Anexo 24 B-I-g-1",
            width=10,
        ),
        Column(
            "nombre",
            "Nombre del agente, agencia o apoderado",
            "Name",
            source="Anexo 24 B-I-g-2",
            width=30,
        ),
        Column(
            "razon_social",
            "Razón social",
            "Firm",
            source="Anexo 24 B-I-g-4",
            record="res.partner",
            width=30,
        ),
        Column("rfc", "Clave en el RFC", "RFC", source="Anexo 24 B-I-g-3", width=16),
        Column("curp", "CURP", "CURP", source="Anexo 24 B-I-g-3", width=20),
        *address("Anexo 24 B-I-g-4"),
        Column("desde", "Encargo desde", "Since", DATE, width=12),
        Column("hasta", "Encargo hasta", "Until", DATE, width=12),
    ),
)
