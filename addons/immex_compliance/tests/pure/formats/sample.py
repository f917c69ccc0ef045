# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A small broker file whose sums and contributions hold, and ways to break it."""

import datetime
import io
from decimal import Decimal

from immex_formats.m3 import M3Reader, M3Writer

PAID = datetime.date(2026, 10, 2)


def write(partidas=2, signed=True, **style):
    stream = io.BytesIO()
    writer = M3Writer(stream, "m3456001.275", **style)
    number = {"pedimento": "6001234"}
    writer.record(
        "500",
        tipo_movimiento="1",
        patente="3456",
        aduana_seccion="240",
        acuse="ABCD1234",
        **number,
    )
    writer.record(
        "501",
        patente="3456",
        aduana_seccion="240",
        tipo_operacion="1",
        clave="IN",
        rfc="ARB150612KM4",
        tipo_cambio=Decimal("18.25"),
        nombre="ARNESES RÍO BRAVO",
        **number,
    )
    writer.record(
        "505",
        fecha=PAID,
        numero="F-1",
        valor_dolares=Decimal(100) * partidas,
        pais="USA",
        **number,
    )
    for kind in ("1", "2"):
        writer.record("506", tipo=kind, fecha=PAID, **number)
    for chunk in ("2", "1"):
        writer.record("511", secuencia=chunk, observaciones=f"PARTE {chunk} ", **number)
    for sequence in range(1, partidas + 1):
        own = {"fraccion": "85369099", "partida": str(sequence), **number}
        writer.record(
            "551",
            nico="99",
            descripcion="TERMINAL",
            precio_unitario=Decimal("18.25"),
            valor_aduana=1825,
            valor_comercial=1825,
            valor_dolares=Decimal(100),
            cantidad_umc=Decimal(100),
            umc="6",
            cantidad_umt=Decimal("1.5"),
            umt="1",
            **own,
        )
        writer.record("556", contribucion="6", tasa=Decimal(5), tipo_tasa="1", **own)
        writer.record("557", contribucion="6", forma_pago="5", importe=91, **own)
    if signed:
        writer.record("800", tipo_figura="1", firma="FIRMA", **number)
    else:
        writer.record("999", patente="3456", aduana_seccion="240", **number)
    writer.close("PRV01")
    return stream.getvalue()


def read(data, **options):
    """Return (documents, reader) of a whole file."""
    reader = M3Reader(io.BytesIO(data), "m3456001.275", **options)
    return list(reader), reader


def codes(issues):
    return [(issue.code, issue.line, issue.field_name) for issue in issues]
