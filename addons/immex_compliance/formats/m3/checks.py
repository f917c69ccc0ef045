# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What real pedimentos keep: parties, number, dates, sums, contributions.

Catalogue keys are checked by whoever has the catalogues. Amounts of contributions are
whole pesos, so that a difference of a peso is rounding (Anexo 22, field instructions).
"""

from decimal import Decimal, localcontext

from stdnum.mx import curp, rfc

from ..issues import ERROR, WARNING, Issue, IssueLog, _lt

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
MAX_ISSUES = 2000  # of a pedimento, errors and warnings each
# Field of record 500, its name, the lengths that it may have: sections of customs
# offices may have no digit of their own (Appendix 1).
NUMBER_PARTS = (
    (3, "patente", (4,)),
    (4, "pedimento", (7,)),
    (5, "aduana_seccion", (2, 3)),
)


def check_document(document):
    """Return the issues of a pedimento, by line and field: the first errors and
    warnings, MAX_ISSUES each."""
    issues = IssueLog(MAX_ISSUES, MAX_ISSUES)
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
    invoiced = _total(record["valor_dolares"] for record in invoices)
    counted, value = 0, Decimal(0)
    for partida in document.partidas:
        if _returnable(partida):
            continue
        counted += 1
        own = partida.record["valor_dolares"]
        if own is None:
            return
        value += own
    if not invoices or not counted or invoiced is None:
        return
    difference = value - invoiced
    if abs(difference) > CENT * counted:
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
                invoices=invoiced,
                partidas=value,
            )
        )


def _total(values):
    """Sum of decimals, or None where one of them is None."""
    total = Decimal(0)
    for value in values:
        if value is None:
            return None
        total += value
    return total


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
    """Of the records 557 of a contribution: the first or None, the sum, and whether
    all of them say that nothing is charged."""
    first, total, free = None, 0, True
    for record in partida.of("557"):
        if _key(record["contribucion"]) == key:
            first = first or record
            total += record["importe"] or 0
            free = free and _key(record["forma_pago"]) in NOT_CHARGED
    return first, total, free


def _rate(partida, key):
    """Ad valorem rate of a contribution of a partida, or None."""
    for record in partida.of("556"):
        if _key(record["contribucion"]) == key:
            ad_valorem = _key(record["tipo_tasa"]) == AD_VALOREM
            return record["tasa"] if ad_valorem else None
    return None


def _key(text):
    return (text or "").lstrip("0")


def _dta(document):
    """The first record 510 of DTA, or None, and the sum of all of them."""
    first, total = None, 0
    for record in document.of("510"):
        if _key(record["contribucion"]) == DTA:
            first = first or record
            total += record["importe"] or 0
    return first, total


def _customs_value(document):
    return sum(partida.record["valor_aduana"] or 0 for partida in document.partidas)


def _check_fees(document, issues):
    """DTA of the pedimento (510) against its rate (509): eight per mille of the
    customs value, or the fee itself. A warning: minimum fees, partial exemptions and
    payments of the original of a rectification make it differ lawfully."""
    rates = {_key(record["contribucion"]): record for record in document.of("509")}
    rate = rates.get(DTA)
    paid, declared = _dta(document)
    if paid is None or rate is None or rate["tasa"] is None or document.of("701"):
        return
    kind = _key(rate["tipo_tasa"])
    if kind == PER_MILLE:
        expected = rate["tasa"] * _customs_value(document) / 1000
    elif kind == FIXED:
        expected = rate["tasa"]
    else:
        return
    if abs(declared - expected) > PESO:
        issues.append(
            paid.issue(
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
    _first, dta = _dta(document)
    total = _customs_value(document)
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
    first, declared, free = _amounts(partida, key)
    rate = _rate(partida, key)
    if first is None or rate is None or (free and not declared):
        return
    expected = base * rate / 100
    if abs(declared - expected) > PESO:
        issues.append(
            first.issue(
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
