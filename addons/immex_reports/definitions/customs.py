# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What apartado B adds to entries, exits and fixed assets (Anexo 24, B-III): duty rate
and its kind, invoices, transport documents, remesas. SQL of joins, and the columns."""

from .base import QUANTITY, Column

CROSSING = "DD/MM/YYYY"


def invoices(pedimento):
    """Join ``invoice``: numbers and dates of the invoices or CFDI of a pedimento."""
    return f"""
  LEFT JOIN LATERAL (
      SELECT string_agg(i.number, ', ' ORDER BY i.sequence, i.id) AS numbers,
             string_agg(to_char(i.date, '{CROSSING}'), ', '
                        ORDER BY i.sequence, i.id) AS dates
        FROM immex_pedimento_invoice i WHERE i.pedimento_id = {pedimento}
  ) invoice ON TRUE"""


def remesas(pedimento):
    """Join ``remesa``: notices (form B12) of a consolidated pedimento, and the days on
    which they crossed. Those that did not cross are none of it."""
    return f"""
  LEFT JOIN LATERAL (
      SELECT string_agg(r.number || ': ' || COALESCE(r.notice, r.cove, 's/n'), ', '
                        ORDER BY r.number) AS notices,
             string_agg(r.number || ': ' || to_char(r.date, '{CROSSING}'), ', '
                        ORDER BY r.number) AS dates
        FROM immex_remesa r
       WHERE r.pedimento_id = {pedimento} AND r.state = 'crossed'
  ) remesa ON TRUE"""


def transport(pedimento):
    """Join ``transport``: air waybills and bills of lading (record 503)."""
    return f"""
  LEFT JOIN LATERAL (
      SELECT string_agg(split_part(t.text, '|', 3), ', ' ORDER BY t.line) AS numbers
        FROM immex_pedimento_record t
       WHERE t.pedimento_id = {pedimento} AND t.record_type = '503'
  ) transport ON TRUE"""


def duty(partida):
    """Join ``duty``: which rate the partida declares. Regla 8ª has tariff items of its
    own (9802); a treaty is identifier TL or AL, a sector PS (Anexo 22, Apéndice 8)."""
    return f"""
  LEFT JOIN LATERAL (
      SELECT d.igi_rate AS rate,
             CASE WHEN left(d.fraccion, 4) = '9802' THEN 'Regla 8ª'
                  WHEN told.agreement IS NOT NULL THEN 'Preferencial'
                  WHEN told.sector THEN 'PROSEC'
                  ELSE 'General' END AS kind,
             CASE WHEN left(d.fraccion, 4) <> '9802' THEN told.agreement END
                 AS agreement
        FROM immex_pedimento_partida d
        LEFT JOIN LATERAL (
            SELECT string_agg(DISTINCT COALESCE(i.complement1, 's/c'), ', ')
                       FILTER (WHERE i.code IN ('TL', 'AL')) AS agreement,
                   COALESCE(bool_or(i.code = 'PS'), FALSE) AS sector
              FROM immex_pedimento_identifier i
             WHERE i.partida_id = d.id AND i.code IN ('TL', 'AL', 'PS')
        ) told ON TRUE
       WHERE d.id = {partida}
  ) duty ON TRUE"""


DUTY_FIELDS = """
       duty.rate AS tasa,
       duty.kind AS tipo_tasa,
       duty.agreement AS tratado"""
INVOICE_FIELDS = """
       invoice.numbers AS factura,
       invoice.dates AS fecha_factura"""
REMESA_FIELDS = """
       remesa.notices AS remesas,
       remesa.dates AS fecha_cruce"""


def duty_columns(source):
    return (
        Column(
            "tasa",
            "Tasa del impuesto de importación (%)",
            "Duty Rate (%)",
            QUANTITY,
            4,
            source=source,
        ),
        Column("tipo_tasa", "Tipo de tasa", "Kind of Rate", source=source, width=12),
        Column(
            "tratado", "Tratado o acuerdo", "Trade Agreement", source=source, width=9
        ),
    )


def invoice_columns(source, label="Factura comercial"):
    return (
        Column("factura", label, "Invoice", source=source, width=18),
        Column(
            "fecha_factura",
            f"Fecha de la {label[0].lower()}{label[1:]}",
            "Invoice Date",
            source=source,
            width=11,
        ),
    )


def remesa_columns(source):
    return (
        Column(
            "remesas",
            "Aviso electrónico de importación y de exportación (B12), por remesa",
            "Notices of Remesas",
            source=source,
            width=20,
        ),
        Column(
            "fecha_cruce",
            "Fecha de cruce, por remesa",
            "Crossed On",
            source=source,
            width=14,
        ),
    )


def transport_columns(source):
    return (
        Column(
            "guia",
            "Guía aérea o conocimiento de embarque",
            "Waybill or Bill of Lading",
            source=source,
            width=16,
        ),
    )


def office_column(source):
    """The three digits: the number itself has two of them."""
    return Column("aduana_seccion", "Aduana/sección", "Office", source=source, width=9)
