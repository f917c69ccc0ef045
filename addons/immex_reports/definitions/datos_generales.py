# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Who the company is: Anexo 24, apartado A, I-a."""

from .base import DATE, Column, Report
from .words import site_kind, translated


def address(source):
    """Columns of an address, as the annex lists its parts, that
    :func:`address_fields` gives."""
    return (
        Column("calle", "Calle y número", "Street", source=source, width=30),
        Column("colonia", "Colonia", "Colonia", source=source, width=20),
        Column("codigo_postal", "Código postal", "Postal Code", source=source, width=9),
        Column("municipio", "Municipio o ciudad", "City", source=source, width=18),
        Column("entidad", "Entidad federativa", "State", source=source, width=18),
        Column("pais", "País", "Country", source=source, width=14),
    )


def address_fields(partner):
    """SQL of the parts of a partner's address; joins are :func:`address_joins`."""
    return f"""
       {partner}.street AS calle,
       {partner}.street2 AS colonia,
       {partner}.zip AS codigo_postal,
       {partner}.city AS municipio,
       {partner}_state.name AS entidad,
       {translated(f"{partner}_country.name")} AS pais"""


def address_joins(partner):
    return f"""
  LEFT JOIN res_country_state {partner}_state ON {partner}_state.id = {partner}.state_id
  LEFT JOIN res_country {partner}_country ON {partner}_country.id = {partner}.country_id
"""


DATOS_GENERALES = Report(
    code="datos_generales",
    title="Catálogo de datos generales del contribuyente",
    english="General data of the taxpayer",
    source="RGCE Anexo 24, A-I-a y B-I-a",
    period="cutoff",
    query=f"""
SELECT company.name AS denominacion,
       own.vat AS rfc,
       g.name AS programa,
       s.kind AS tipo,
       s.name AS establecimiento,
       {address_fields("place")},
       s.valid_from AS desde,
       s.valid_to AS hasta
  FROM immex_program g
  JOIN res_company company ON company.id = g.company_id
  JOIN res_partner own ON own.id = company.partner_id
  CROSS JOIN LATERAL (
      SELECT {site_kind("x.kind")} AS kind, x.name, x.partner_id, x.valid_from,
             x.valid_to, x.kind = 'fiscal' AS first
        FROM immex_program_site x
       WHERE x.program_id = g.id AND x.kind <> 'submaquila'
         AND COALESCE(x.valid_from, %(date_to)s) <= %(date_to)s
         AND COALESCE(x.valid_to, %(date_to)s) >= %(date_to)s
       UNION ALL
      -- the company's own address, where no other is registered as the fiscal one
      SELECT {site_kind("'fiscal'")}, company.name, own.id, g.valid_from, NULL, TRUE
       WHERE NOT EXISTS (
          SELECT FROM immex_program_site y
           WHERE y.program_id = g.id AND y.kind = 'fiscal'
             AND COALESCE(y.valid_from, %(date_to)s) <= %(date_to)s
             AND COALESCE(y.valid_to, %(date_to)s) >= %(date_to)s)
  ) s
  JOIN res_partner place ON place.id = s.partner_id{address_joins("place")}
 WHERE g.company_id = %(company_id)s AND g.kind = 'immex'
   AND g.valid_from <= %(date_to)s AND COALESCE(g.valid_to, %(date_to)s) >= %(date_to)s
 ORDER BY g.name, s.first DESC, s.kind, s.name
""",
    columns=(
        Column(
            "denominacion",
            "Denominación o razón social",
            "Taxpayer",
            source="Anexo 24 A-I-a-1, B-I-a-1",
            width=30,
        ),
        Column(
            "rfc",
            "Clave en el RFC",
            "RFC",
            source="Anexo 24 A-I-a-2, B-I-a-2",
            width=14,
        ),
        Column(
            "programa",
            "Número de Programa IMMEX",
            "IMMEX Programme",
            source="Anexo 24 A-I-a-3, B-I-a-3",
            width=14,
        ),
        Column(
            "tipo",
            "Tipo de domicilio",
            "Kind",
            source="Anexo 24 A-I-a-4, B-I-a-4",
            width=16,
        ),
        Column("establecimiento", "Establecimiento", "Site", width=24),
        *address("Anexo 24 A-I-a-4, B-I-a-4"),
        Column("desde", "Registrado desde", "Since", DATE, width=12),
        Column("hasta", "Registrado hasta", "Until", DATE, width=12),
    ),
)
