# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the file says against itself."""

import pytest
from immex_formats.m3.checks import check_document
from m3_build import PEDIMENTO, changed, m3_lines, places, read


def said(*changes):
    """``(code, line, field)`` of the checks of the sample with things changed."""
    text = PEDIMENTO
    for old, new in changes:
        text = changed(old, new, text)
    documents, issues, _summary, fatal = read(m3_lines(text))
    assert fatal is None and issues == []
    found = check_document(documents[0])
    assert all(issue.text for issue in found)
    return places(found)


def test_nothing_to_say():
    assert said() == []


@pytest.mark.parametrize(
    "rfc, valid",
    [("ARB150612KM4", True), ("GOMC800101AB1", True), ("GOMC800101", True)]
    + [("XEXX010101000", True), ("ARB151312KM4", False), ("ARB15061", False)],
)
def test_rfc(rfc, valid):
    found = said(("ARB150612KM4", rfc))
    assert found == ([] if valid else [("rfc", 2, 9)])


@pytest.mark.parametrize("digit, valid", [("6", True), ("5", True), ("4", False)])
def test_digit_of_the_year(digit, valid):
    text = PEDIMENTO.replace("6000001", digit + "000001")
    documents, issues, _summary, fatal = read(m3_lines(text))
    assert fatal is None and issues == []
    found = places(check_document(documents[0]))
    assert found == ([] if valid else [("year_digit", 1, 4)])


def test_parts_of_the_number_have_their_lengths():
    text = PEDIMENTO.replace("6000001", "601").replace("|3456|601|", "|345|601|")
    documents, _issues, _summary, _fatal = read(m3_lines(text))
    found = places(check_document(documents[0]), "number_length")
    assert found == [("number_length", 1, 3), ("number_length", 1, 4)]


def test_number_differs_from_the_opening_record():
    assert said(("500|1|3456|6000001|240|", "500|1|3457|6000001|470|")) == [
        ("other_pedimento", 2, 2),
        ("other_pedimento", 2, 4),
    ]


def test_dates_that_are_missing():
    entry, paid = "506|6000001|1|01102026\n", "506|6000001|2|02102026\n"
    assert said((entry, "")) == [("no_entry_date", 1, 0)]
    assert said((paid, "")) == [("no_payment_date", 1, 0)]


@pytest.mark.parametrize(
    "value, valid",
    [("150.00", True), ("150.02", True), ("150.03", False), ("149.97", False)],
)
def test_invoices_against_partidas(value, valid):
    found = said(("|USD|150.00|", f"|USD|{value}|"))
    assert found == ([] if valid else [("invoice_sum", 3, 7)])


def test_packaging_that_comes_back_is_no_part_of_the_invoices():
    eb = ("554|6000001|85369099|1|TL|USA||", "554|6000001|85369099|1|EB|||")
    assert said(eb) == [("invoice_sum", 3, 7)]
    assert said(eb, ("|USD|150.00|", "|USD|100.00|")) == []


@pytest.mark.parametrize(
    "value, valid", [("900", True), ("901", True), ("902", False), ("898", False)]
)
def test_price_times_quantity(value, valid):
    found = said(("|9.00000|900|900|", f"|9.00000|900|{value}|"))
    assert found == ([] if valid else [("unit_price", 13, 9)])


def test_quantity_of_nothing():
    assert said(("|100.000|6|", "|0.000|6|")) == [("quantity", 13, 11)]


@pytest.mark.parametrize(
    "amount, valid", [(45, True), (44, True), (46, True), (43, False), (47, False)]
)
def test_duty_within_a_peso(amount, valid):
    # 5 % of 900; the base of the tax changes by at most two pesos of duty
    found = said(
        ("557|6000001|85369099|1|6|5|45", f"557|6000001|85369099|1|6|5|{amount}")
    )
    assert found == ([] if valid else [("contribution", 18, 7)])


@pytest.mark.parametrize(
    "amount, valid", [(152, True), (153, True), (151, False), (154, False)]
)
def test_value_added_tax_within_a_peso(amount, valid):
    # (900 + 45 + 22 * 900 / 2700) * 16 % = 152.37
    found = said(("|1|3|21|153", f"|1|3|21|{amount}"))
    assert found == ([] if valid else [("contribution", 19, 7)])


@pytest.mark.parametrize("form, valid", [("5", True), ("9", True), ("0", False)])
def test_nothing_charged_where_nothing_is_due(form, valid):
    found = said(
        ("|1|6|5|45", f"|1|6|{form}|0"),
        # the tax without the duty in its base: (900 + 7.33) * 16 %
        ("|1|3|21|153", "|1|3|21|145"),
    )
    assert found == ([] if valid else [("contribution", 18, 7)])


def test_specific_duty_is_not_recomputed():
    assert said(("|1|6|5.0000000000|1", "|1|6|5.0000000000|2")) == []


def test_fee_of_the_pedimento():
    # 8 per mille of 2700 is 21.6
    paid = "510|6000001|1|0|22"
    assert said((paid, "510|6000001|1|0|21")) == []
    (found,) = said((paid, "510|6000001|1|0|24"))
    assert found == ("fee", 8, 5)
    fixed = ("|1|8.0000000000|7", "|1|22.0000000000|4")
    assert said(fixed) == []
    assert said(fixed, (paid, "510|6000001|1|0|24")) == [("fee", 8, 5)]


def test_exports_have_no_duty_to_compare():
    assert said(("|240|1|IN|", "|240|2|RT|"), ("|1|6|5|45", "|1|6|5|99")) == []
