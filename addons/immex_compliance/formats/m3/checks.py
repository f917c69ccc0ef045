# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What real pedimentos keep: parties, number, dates, sums, contributions.

Catalogue keys are checked by whoever has the catalogues. Amounts of contributions are
whole pesos, so that a difference of a peso is rounding (Anexo 22, field instructions).
"""

from decimal import Decimal, localcontext

from stdnum.mx import curp, rfc

from ..issues import ERROR, WARNING, Issue, _lt

PESO = Decimal(1)
CENT = Decimal("0.01")
IGI, IVA, DTA = "6", "3", "1"
AD_VALOREM = "1"
RETURNABLE = "EB"  # RGCE 4.3.20: not part of the invoice total
IMPORT = "1"
PER_MILLE, FIXED = "7", "4"
# Not subject, franchise, exempt: nothing is charged and many brokers write 0.
NOT_CHARGED = frozenset("589")
PRECISION = 80
# Field of record 500, its name, the lengths that it may have: sections of customs
# offices may have no digit of their own (Appendix 1).
NUMBER_PARTS = (
    (3, "patente", (4,)),
    (4, "pedimento", (7,)),
    (5, "aduana_seccion", (2, 3)),
)


def check_document(document):
    """Return the issues of a pedimento, by line and field."""
    issues = []
    _check_number(document, issues)
    if document.header is None:
        return issues
    with localcontext() as context:
        # exact for any product of two fields of their full length
        context.prec = PRECISION
        _check_parties(document, issues)
        _check_identity(document, issues)
        _check_dates(document, issues)
        _check_invoices(document, issues)
        for partida in document.partidas:
            _check_partida(partida, issues)
        _check_fees(document, issues)
        _check_contributions(document, issues)
    return issues


def _check_number(document, issues):
    """The parts of the 15-digit number have their exact lengths (Anexo 22, field 1)."""
    opening = document.opening
    for number, name, lengths in NUMBER_PARTS:
        value = opening[name]
        if value and len(value) not in lengths:
            issues.append(
                opening.issue(
                    ERROR,
                    "number_length",
                    _lt("%(value)r must have %(size)s digits."),
                    number,
                    name,
                    value=value,
                    size=lengths[-1],
                )
            )


def _valid_rfc(text):
    # Anexo 22 admits an RFC of 10 positions; the generic ones name foreigners.
    return rfc.is_valid(text, validate_check_digits=False)


def _check_parties(document, issues):
    header = document.header
    if header["rfc"] and not _valid_rfc(header["rfc"]):
        issues.append(
            header.issue(
                ERROR, "rfc", _lt("%(value)r is no RFC."), 9, "rfc", value=header["rfc"]
            )
        )
    for number, name in ((8, "curp"), (10, "curp_agente")):
        if header[name] and not curp.is_valid(header[name]):
            issues.append(
                header.issue(
                    WARNING,
                    "curp",
                    _lt("%(value)r is no CURP."),
                    number,
                    name,
                    value=header[name],
                )
            )


def _check_identity(document, issues):
    header, opening = document.header, document.opening
    for number, name in ((2, "patente"), (4, "aduana_seccion")):
        if header[name] and opening[name] and header[name] != opening[name]:
            issues.append(
                header.issue(
                    ERROR,
                    "other_pedimento",
                    _lt("%(found)s differs from record 500 (%(expected)s)."),
                    number,
                    name,
                    found=header[name],
                    expected=opening[name],
                )
            )
    paid, pedimento = document.fecha_pago, document.pedimento
    if paid and pedimento:
        years = {str(paid.year)[-1], str(paid.year - 1)[-1]}
        if pedimento[0] not in years:
            issues.append(
                opening.issue(
                    ERROR,
                    "year_digit",
                    _lt(
                        "Number %(number)s begins with the last digit of a year that "
                        "is "
                        "neither %(year)s nor the one before."
                    ),
                    4,
                    "pedimento",
                    number=pedimento,
                    year=paid.year,
                )
            )


def _check_dates(document, issues):
    if not document.fecha_pago:
        issues.append(
            Issue(
                WARNING,
                "no_payment_date",
                _lt("Pedimento %(number)s has no payment date (506, type 2)."),
                {"number": document.pedimento},
                line=document.line,
                record_type="506",
            )
        )
    if document.header["tipo_operacion"] == IMPORT and not document.fecha_entrada:
        issues.append(
            Issue(
                WARNING,
                "no_entry_date",
                _lt("Pedimento %(number)s has no date of entry (506, type 1)."),
                {"number": document.pedimento},
                line=document.line,
                record_type="506",
            )
        )


def _returnable(partida):
    return any(record["clave"] == RETURNABLE for record in partida.identifiers)


def _check_invoices(document, issues):
    """Value of the invoices against that of the partidas, in dollars."""
    invoices = document.of("505")
    counted = [p for p in document.partidas if not _returnable(p)]
    values = [p.record["valor_dolares"] for p in counted]
    invoiced = [record["valor_dolares"] for record in invoices]
    if not invoices or not counted or None in values or None in invoiced:
        return
    difference = sum(values) - sum(invoiced)
    if abs(difference) > CENT * max(1, len(counted)):
        issues.append(
            invoices[0].issue(
                ERROR,
                "invoice_sum",
                _lt(
                    "The invoices sum to %(invoices)s USD, the partidas to "
                    "%(partidas)s "
                    "USD (without identifier EB)."
                ),
                7,
                "valor_dolares",
                invoices=sum(invoiced),
                partidas=sum(values),
            )
        )


def _check_partida(partida, issues):
    record = partida.record
    price, quantity = record["precio_unitario"], record["cantidad_umc"]
    value = record["valor_comercial"]
    if None in (price, quantity, value):
        return
    if quantity <= 0:
        issues.append(
            record.issue(
                ERROR,
                "quantity",
                _lt("The quantity must be greater than zero."),
                11,
                "cantidad_umc",
            )
        )
        return
    # five decimals of the price are uncertain by half a unit of the last one
    uncertainty = PESO + quantity * Decimal("0.000005")
    if abs(price * quantity - value) > uncertainty:
        issues.append(
            record.issue(
                WARNING,
                "unit_price",
                _lt(
                    "Price times quantity is %(product)s, the commercial value "
                    "%(value)s."
                ),
                9,
                "valor_comercial",
                product=round(price * quantity, 2),
                value=value,
            )
        )


def _amounts(partida, key):
    return [
        record for record in partida.of("557") if _key(record["contribucion"]) == key
    ]


def _rate(partida, key):
    """Ad valorem rate of a contribution of a partida, or None."""
    for record in partida.of("556"):
        if _key(record["contribucion"]) == key:
            ad_valorem = _key(record["tipo_tasa"]) == AD_VALOREM
            return record["tasa"] if ad_valorem else None
    return None


def _key(text):
    return (text or "").lstrip("0")


def _check_fees(document, issues):
    """DTA of the pedimento (510) against its rate (509): eight per mille of the
    customs value, or the fee itself. A warning: minimum fees, partial exemptions and
    payments of the original of a rectification make it differ lawfully."""
    rates = {_key(record["contribucion"]): record for record in document.of("509")}
    rate = rates.get(DTA)
    paid = [
        record for record in document.of("510") if _key(record["contribucion"]) == DTA
    ]
    if not paid or rate is None or rate["tasa"] is None or document.of("701"):
        return
    kind = _key(rate["tipo_tasa"])
    values = [partida.record["valor_aduana"] or 0 for partida in document.partidas]
    if kind == PER_MILLE:
        expected = rate["tasa"] * sum(values) / 1000
    elif kind == FIXED:
        expected = rate["tasa"]
    else:
        return
    declared = sum(record["importe"] or 0 for record in paid)
    if abs(declared - expected) > PESO:
        issues.append(
            paid[0].issue(
                WARNING,
                "fee",
                _lt("The DTA is %(declared)s; its rate gives %(expected)s."),
                5,
                "importe",
                declared=declared,
                expected=round(expected, 2),
            )
        )


def _check_contributions(document, issues):
    """IGI and IVA of the partidas against their rates, within a peso."""
    if document.header["tipo_operacion"] != IMPORT:
        return
    dta = sum(
        record["importe"] or 0
        for record in document.of("510")
        if _key(record["contribucion"]) == DTA
    )
    total = sum(p.record["valor_aduana"] or 0 for p in document.partidas)
    for partida in document.partidas:
        value = partida.record["valor_aduana"]
        if value is None:
            continue
        _check_amount(partida, IGI, Decimal(value), issues)
        others = sum(
            record["importe"] or 0
            for record in partida.of("557")
            if _key(record["contribucion"]) != IVA
        )
        share = Decimal(dta) * value / total if total else Decimal(0)
        _check_amount(partida, IVA, value + others + share, issues)


def _check_amount(partida, key, base, issues):
    records, rate = _amounts(partida, key), _rate(partida, key)
    if not records or rate is None:
        return
    declared = sum(record["importe"] or 0 for record in records)
    if not declared and all(_key(r["forma_pago"]) in NOT_CHARGED for r in records):
        return
    expected = base * rate / 100
    if abs(declared - expected) > PESO:
        issues.append(
            records[0].issue(
                ERROR,
                "contribution",
                _lt(
                    "The amount is %(declared)s; the rate of %(rate)s %% on "
                    "%(base)s gives "
                    "%(expected)s."
                ),
                7,
                "importe",
                declared=declared,
                rate=rate.normalize(),
                base=round(base, 2),
                expected=round(expected, 2),
            )
        )
