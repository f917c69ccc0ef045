# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Draft of a pedimento for the broker, from the parts of a shipment: records 500, 501,
505, 507, 511, 551, 554 and 558, closed by an unsigned 999. What only the broker knows
(dates of payment, transport, contributions, increments of the customs value) stays out.

Parts of one partida have tariff item, NICO, both units, countries and identifiers in
common, and, where the price rule says so, the unit price; which parts they are goes to
the part file.
"""

import csv
import io
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext

from ..partfile import COLUMNS
from .layout import LAYOUTS
from .writer import M3Writer

SAME_PRICE, ANY_PRICE, ONE_PART = "same", "any", "part"
PRICE_RULES = (SAME_PRICE, ANY_PRICE, ONE_PART)
CENT, PESO = Decimal("0.01"), Decimal(1)
PRICE = Decimal("0.00001")
UMC, UMT = Decimal("0.001"), Decimal("0.00001")  # as both files write quantities
PRECISION = 60
IDENTIFIER = ("clave", "complemento1", "complemento2", "complemento3")
CHUNK = 120  # characters of an observation (558)


def clean(text, size):
    """Text that a record can hold: no separator, no line end, ``size`` characters.

    What Windows-1252 cannot write becomes a question mark.
    """
    shown = "".join(c if c.isprintable() else " " for c in text or "")
    one = " ".join(shown.replace("|", "/").split())
    return one.encode("cp1252", "replace").decode("cp1252")[:size].rstrip()


def identifiers_of(text):
    """Identifiers of a part as tuples of key and complements, of ``TL|USA; PS|XII``:
    written as in record 554, and separated by semicolons.

    :raise ValueError: with the one that no record 554 can hold
    """
    found = []
    for one in filter(str.strip, (text or "").split(";")):
        values = [clean(value, 999) for value in one.split("|")]
        while len(values) > 1 and not values[-1]:
            values.pop()
        specs = [LAYOUTS["554"].by_name[name] for name in IDENTIFIER]
        fits = len(values) <= len(specs) and all(
            len(value) <= spec.size for value, spec in zip(values, specs, strict=False)
        )
        if not values[0] or not fits:
            raise ValueError(one.strip())
        found.append((values[0].upper(), *values[1:]))
    return tuple(found)


@dataclass(frozen=True)
class Part:
    """A part of the shipment; quantities in units of Appendix 7, ``value`` in the
    currency of the invoice, ``origin`` and ``seller`` keys of Appendix 4;
    ``identifiers`` as :func:`identifiers_of` gives them."""

    number: str
    description: str
    fraccion: str
    nico: str
    qty_umc: Decimal
    umc: str
    qty_umt: Decimal
    umt: str
    value: Decimal
    origin: str
    seller: str
    note: str = ""
    identifiers: tuple = ()


@dataclass(frozen=True)
class Draft:
    """What the shipment as a whole says. ``usd_rate``: dollars for one unit of the
    currency; ``exchange_rate``: pesos for a dollar; ``header`` and ``invoice``: further
    fields of records 501 and 505; ``identifiers``: records 507."""

    office: str
    patente: str
    document: str
    operation: str  # "1" import, "2" export
    key: str
    rfc: str
    invoice_number: str
    invoice_date: object
    currency: str
    usd_rate: Decimal
    exchange_rate: Decimal
    header: dict = field(default_factory=dict)
    invoice: dict = field(default_factory=dict)
    identifiers: tuple = ()
    observation: str = ""


@dataclass
class DraftPartida:
    """Parts that are declared together; ``usd`` holds the dollars of each of them."""

    parts: list
    usd: list

    @property
    def value_usd(self):
        return sum(self.usd)

    def total(self, name):
        return sum(getattr(part, name) for part in self.parts)


def group(draft, parts, price_rule=SAME_PRICE):
    """Return the :class:`DraftPartida` of ``parts``, in the order of their items.

    A quantity in UMC that rounds to nothing (3 decimals) cannot be declared: the
    caller leaves no such part.
    """
    if price_rule not in PRICE_RULES:
        raise ValueError(f"{price_rule!r} is no price rule")
    partidas = {}
    with localcontext() as context:
        context.prec = PRECISION
        for exact in parts:
            part = replace(
                exact,
                qty_umc=exact.qty_umc.quantize(UMC, ROUND_HALF_UP),
                qty_umt=exact.qty_umt.quantize(UMT, ROUND_HALF_UP),
            )
            key = (part.fraccion, part.nico, part.umc, part.umt)
            key += (part.origin, part.seller, part.identifiers)
            if price_rule == SAME_PRICE:
                price = part.value / part.qty_umc
                key += (price.quantize(PRICE, ROUND_HALF_UP),)
            elif price_rule == ONE_PART:
                key += (part.number, part.description)
            partida = partidas.setdefault(key, DraftPartida([], []))
            partida.parts.append(part)
            usd = (part.value * draft.usd_rate).quantize(CENT, ROUND_HALF_UP)
            partida.usd.append(usd)
    return [partidas[key] for key in sorted(partidas)]


def write_draft(stream, draft, partidas, name):
    """Write the broker file ``name`` of ``partidas`` to a binary stream.

    Values in pesos are whole (Anexo 22); the customs value is the commercial one until
    the broker adds what increments it.
    """
    writer = M3Writer(stream, name)
    own = {"pedimento": draft.document}
    place = {"patente": draft.patente, "aduana_seccion": draft.office, **own}
    with localcontext() as context:
        context.prec = PRECISION
        writer.record("500", tipo_movimiento="1", **place)
        writer.record(
            "501",
            **place,
            aduana_seccion_es=draft.office,
            tipo_operacion=draft.operation,
            clave=draft.key,
            rfc=draft.rfc,
            tipo_cambio=draft.exchange_rate,
            **draft.header,
        )
        writer.record(
            "505",
            **own,
            fecha=draft.invoice_date,
            numero=clean(draft.invoice_number, 40),
            moneda=draft.currency,
            valor_dolares=sum(partida.value_usd for partida in partidas),
            valor_moneda=sum(partida.total("value") for partida in partidas),
            **draft.invoice,
        )
        for identifier in draft.identifiers:
            writer.record("507", **own, **identifier)
        if draft.observation:
            text = clean(draft.observation, CHUNK)
            writer.record("511", **own, secuencia="1", observaciones=text)
        for number, partida in enumerate(partidas, 1):
            _write_partida(writer, draft, own, number, partida)
        writer.record("999", **place)
    writer.close()


def _write_partida(writer, draft, own, number, partida):
    part = partida.parts[0]
    quantity, usd = partida.total("qty_umc"), partida.value_usd
    pesos = usd * draft.exchange_rate
    whole = pesos.quantize(PESO, ROUND_HALF_UP)
    numbers = {one.number for one in partida.parts}
    writer.record(
        "551",
        **own,
        fraccion=part.fraccion,
        partida=str(number),
        nico=part.nico,
        descripcion=clean(part.description, 250),
        precio_unitario=(pesos / quantity).quantize(PRICE, ROUND_HALF_UP),
        valor_aduana=whole,
        valor_comercial=whole,
        valor_dolares=usd,
        cantidad_umc=quantity,
        umc=part.umc,
        cantidad_umt=partida.total("qty_umt"),
        umt=part.umt,
        # a code says that the partida is of this part alone
        codigo_producto=_code(part.number) if len(numbers) == 1 else "",
        pais_origen=part.origin,
        pais_vendedor=part.seller,
    )
    of_partida = {"fraccion": part.fraccion, "partida": str(number)}
    for identifier in part.identifiers:
        values = dict(zip(IDENTIFIER, identifier, strict=False))
        writer.record("554", **own, **of_partida, **values)
    notes = " ".join(dict.fromkeys(one.note for one in partida.parts if one.note))
    text = clean(notes, 9999)
    for sequence, start in enumerate(range(0, len(text), CHUNK), 1):
        writer.record(
            "558",
            **own,
            **of_partida,
            secuencia=str(sequence),
            observaciones=text[start : start + CHUNK],
        )


def _code(number):
    """The part number, where the field holds the whole of it."""
    text = clean(number, 999)
    return text if text == number and len(text) <= 20 else ""


def write_parts(stream, draft, partidas):
    """Write the part file of the draft to a binary stream (see ``partfile``)."""
    text = io.TextIOWrapper(stream, "utf-8", newline="")
    writer = csv.DictWriter(text, list(COLUMNS))
    writer.writeheader()
    for number, partida in enumerate(partidas, 1):
        for sequence, (part, usd) in enumerate(
            zip(partida.parts, partida.usd, strict=True), 1
        ):
            writer.writerow(
                {
                    "aduana_seccion": draft.office,
                    "patente": draft.patente,
                    "pedimento": draft.document,
                    "partida": number,
                    "secuencia": sequence,
                    "numero_parte": part.number,
                    "descripcion": clean(part.description, 250),
                    "cantidad_umc": f"{part.qty_umc:.3f}",
                    "umc": part.umc,
                    "cantidad_umt": f"{part.qty_umt:.5f}",
                    "umt": part.umt,
                    "valor_usd": f"{usd:.2f}",
                    "pais_origen": part.origin,
                    "factura": clean(draft.invoice_number, 40),
                }
            )
    text.flush()
    text.detach()
