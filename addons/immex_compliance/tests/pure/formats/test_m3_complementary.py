# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Records of complementary pedimentos, rectifications, payments, pre-validation: each
by name, and the file again byte for byte."""

import datetime
import io
from decimal import Decimal

import pytest
from immex_formats.m3 import M3Reader
from immex_formats.m3.writer import M3Writer
from m3_build import NAME, encode, m3_lines

DATE = datetime.date(2026, 10, 2)
TEXT = """\
500|6|3456|6000002|240|
501|3456|6000002|240|2|CT|240||ARB150612KM4||18.00000|0|0|0|0||0|7|7|7|9|ARNESES\
|||||||MEX||0|0|0|0|0
301|3456|6000002|240|CT|18.00000|ARB150612KM4||ARNESES||
302|6000002|USA|1234567|1|02102026
351|6000002|USA|85369099|17|1|900|45|30|USD|30
352|6000002|USA|85369099|1|6|1.50000|85369040|2.7|24.30|USD
353|6000002|85369099|1|900|45
355|6000002|USA|85369099|1|6|0|15
358|6000002|USA|85369099|1|1|OBSERVACION
502|6000002|TRA010203AB1||TRANSPORTES|MEX|ABC123|12|CALLE 1
503|6000002|GUIA-1|M
504|6000002|CONT1234567|1
506|6000002|2|02102026
508|6000002|BANCO|CUENTA|FOLIO|02102026|1|2|10.00|100.00|10.0000|10.00
513|6000002|3456|5000009|240|02102026|6|45
514|6000002|12|SHCP|FOLIO|02102026|100|50|50
515|3456|6000002|240||CT|240|ARB150612KM4|18.00000
516|6000002|ABC123|SELLO1
520|6000002|47-1180231|DESTINO|CALLE||1|78501|LAREDO|USA
601|3456|6000002|240|RT|2||ARB150612KM4||9|
701|3456|6000002|240|RT|02102026|5000009|3456|240|RT|02102026
702|6000002|6|0|15
551|6000002|85369099|1|17|TERMINALES|9|900|900|50|100|6|1.5|1||0|1||||USA|USA||||
552|6000002|85369099|1|VIN123|10
555|6000002|85369099|1|BANCO|CUENTA|FOLIO|02102026|1|10.00|100.00|10.0000|10.00
560|6000002|85369099|1|900|50.00|100.000|6|1.50000|1|USA|CHN
999|3456|6000002|240|||"""

EXPECTED = {
    "301": {"patente": "3456", "clave": "CT", "rfc": "ARB150612KM4"},
    "302": {"pais_destino": "USA", "pedimento_eua_can": "1234567", "fecha": DATE},
    "351": {"nico": "17", "igi_no_originario": 45, "moneda": "USD", "monto_exento": 30},
    "352": {"fraccion_eua_can": "85369040", "impuesto": Decimal("24.30")},
    "353": {"valor_no_originario": 900, "igi": 45},
    "355": {"contribucion": "6", "forma_pago": "0", "importe": 15},
    "358": {"secuencia": "1", "observaciones": "OBSERVACION"},
    "502": {"rfc_transportista": "TRA010203AB1", "bultos": 12},
    "503": {"guia": "GUIA-1", "identificador": "M"},
    "504": {"contenedor": "CONT1234567", "tipo": "1"},
    "508": {"folio_constancia": "FOLIO", "total_garantia": Decimal("100.00")},
    "513": {"pedimento_original": "5000009", "importe": 45},
    "514": {"forma_pago": "12", "saldo": 50, "importe": 50},
    "515": {"clave": "CT", "rfc": "ARB150612KM4"},
    "516": {"candado": "SELLO1"},
    "520": {"nombre": "DESTINO", "pais": "USA"},
    "601": {"clave": "RT", "tipo_operacion": "2", "destino": "9"},
    "701": {"pedimento_original": "5000009", "fecha_original": DATE},
    "702": {"contribucion": "6", "forma_pago": "0", "importe": 15},
    "552": {"vin": "VIN123", "kilometraje": 10},
    "555": {"tipo_garantia": "1", "titulos": Decimal("10.00")},
    "560": {"importe_precio": 900, "pais_origen": "USA", "pais_vendedor": "CHN"},
    "999": {"patente": "3456", "aduana_seccion": "240"},
}


def read(content):
    reader = M3Reader(io.BytesIO(content), NAME)
    return list(reader), reader


@pytest.mark.parametrize("kind", EXPECTED)
def test_by_name(kind):
    (document,), reader = read(encode(m3_lines(TEXT)))
    assert [issue.text for issue in reader.issues] == []
    (record,) = [one for one in document.records if one.type == kind]
    for name, value in EXPECTED[kind].items():
        assert record[name] == value


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_wrong_field_is_told_by_line_and_field(kind):
    lines = m3_lines(TEXT)
    (at,) = [n for n, line in enumerate(lines) if line.startswith(kind)]
    fields = lines[at].split("|")
    number = 3 if kind in ("301", "515", "601", "701", "999") else 2
    fields[number - 1] = "6X00002"
    lines[at] = "|".join(fields)
    (_document,), reader = read(encode(lines))
    assert (at + 1, number, "not_digits") in [
        (issue.line, issue.field_number, issue.code) for issue in reader.issues
    ]


@pytest.mark.parametrize("pipe", ["", "|"])
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_written_again_byte_for_byte(eol, pipe):
    content = encode(m3_lines(TEXT), eol, pipe, "cp1252")
    (document,), reader = read(content)
    target = io.BytesIO()
    writer = M3Writer(target, NAME, eol=eol)
    for record in document.records:
        writer.raw(record.text)
    writer.raw(reader.summary.trailer.text)
    assert target.getvalue() == content
