# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dataclasses import replace
from decimal import Decimal

import pytest
from cove_sample import CHANNEL, EXPORT, FOREIGN, MEXICAN, PLATE, SIGNED, as_list
from hypothesis import given
from hypothesis import strategies as st
from immex_formats import cove
from immex_formats.cove.document import amount, clean
from immex_formats.issues import FormatError
from lxml import etree

MEX = (
    "1|ADN150203AB1|ARNESES DEL NORTE SA DE CV|AV. WASHINGTON|3701|EDIFICIO 18|"
    "PANAMERICANA|CHIHUAHUA|CHIHUAHUA|CHIHUAHUA|MEX|31210|"
)
USA = (
    "0|06-0858386|ACME AEROSPACE CORPORATION|GUN CLUB ROAD|227|JACKSONVILLE|FL|USA|"
    "32218|"
)
PLATES = "PLACA A TIERRA|C62_1|5.000|USD|14.120000|70.600000|70.6000|"
CHANNELS = "CANAL|KGM|3.000|USD|34.000000|102.000000|102.0000|MARCA|M-1|S-1|0001|"
HEAD = "0|2026-11-27|4|PARTE 1 DE 2|OAQ030623UL8|GATR730803K93|3589|0973|"


def test_original_string_of_an_invoice():
    """Fields in the order that VUCEM's stylesheet gives them."""
    assert cove.original(EXPORT) == (
        f"|TOCE.EXP|KM2026FE0005|{HEAD}0|0|{MEX}{USA}{PLATES}{CHANNELS}"
    )


def test_original_string_of_lists():
    """The automotive list names its parties once, the other for each invoice."""
    head = "1" + HEAD[1:]
    assert cove.original(as_list(True)) == (
        f"|TOCE.EXP|REL-7|{head}{MEX}{USA}F-1|0|0|{PLATES}F-2|0|1|{CHANNELS}"
    )
    assert cove.original(as_list(False)) == (
        f"|TOCE.EXP|REL-7|{head}F-1|0|0|{MEX}{USA}{PLATES}F-2|0|1|{MEX}{USA}{CHANNELS}"
    )


def test_original_string_of_the_query():
    assert cove.query_original(216068, "ADN150203AB1") == "|216068|ADN150203AB1|"


def test_flags_and_exporter_number():
    (invoice,) = EXPORT.invoices
    flagged = replace(invoice, subdivision=True, exporter_number="9984882")
    text = cove.original(replace(EXPORT, invoices=(flagged,)))
    assert "|3589|0973|1|0|9984882|1|ADN150203AB1|" in text


@pytest.mark.parametrize(
    ("comprobante", "operation"),
    [
        (EXPORT, "RecibirCove"),
        (as_list(True), "RecibirRelacionFacturasIA"),
        (as_list(False), "RecibirRelacionFacturasNoIA"),
        (replace(EXPORT, edocument="COVE26ABCDEF1"), "RecibirCove"),
    ],
)
def test_xml_follows_the_schema(comprobante, operation):
    assert cove.check(comprobante) == []
    assert cove.operation(comprobante) == operation
    root = cove.build(comprobante, SIGNED)
    find = {"o": cove.NAMESPACE}
    assert root.findtext(".//o:firmaElectronica/o:cadenaOriginal", None, find) == "|x|"
    assert len(root.findall(".//o:mercancias", find)) == 2
    assert root.findtext(".//o:e-document", "", find) == comprobante.edocument


def changed(**values):
    return replace(EXPORT, **values)


def with_goods(**values):
    (invoice,) = EXPORT.invoices
    goods = (replace(PLATE, **values), CHANNEL)
    return changed(invoices=(replace(invoice, goods=goods),))


def with_address(**values):
    address = replace(FOREIGN.address, **values)
    return changed(recipient=replace(FOREIGN, address=address))


@pytest.mark.parametrize(
    ("comprobante", "code", "field"),
    [
        (changed(email=""), "cove_missing", "correoElectronico"),
        (changed(email="nobody"), "cove_email", "correoElectronico"),
        (changed(patents=("35",)), "cove_patent", "patenteAduanal"),
        (changed(query_rfcs=("X" * 12,)), "cove_query_rfc", "rfcConsulta"),
        (changed(figure=cove.IMPORTER), "cove_figure", "tipoFigura"),
        (changed(edocument="COVE1"), "cove_edocument", "e-document"),
        (changed(remarks="A|B"), "cove_character", "observaciones"),
        (changed(remarks="A" * 301), "cove_too_long", "observaciones"),
        (changed(issuer=None), "cove_no_person", "emisor"),
        (changed(recipient=None), "cove_no_person", "destinatario"),
        (
            changed(issuer=replace(MEXICAN, identification="ADN15")),
            "cove_identification",
            "identificacion",
        ),
        (with_address(street=""), "cove_missing", "calle"),
        (with_address(country=""), "cove_missing", "pais"),
        (with_address(country="US"), "cove_country", "pais"),
        (with_address(zip="1" * 13), "cove_too_long", "codigoPostal"),
        (with_goods(description=""), "cove_missing", "descripcionGenerica"),
        (with_goods(description="A" * 257), "cove_too_long", "descripcionGenerica"),
        (with_goods(unit=""), "cove_missing", "claveUnidadMedida"),
        (with_goods(quantity=Decimal("0.0004")), "cove_number", "cantidad"),
        (with_goods(quantity=Decimal("NaN")), "cove_number", "cantidad"),
        (with_goods(unit_value=Decimal(0)), "cove_number", "valorUnitario"),
        (with_goods(total=Decimal("1e20")), "cove_number", "valorTotal"),
        (with_goods(total=Decimal("70.62")), "cove_product", "valorTotal"),
        (with_goods(usd=Decimal("0.001")), "cove_number", "valorDolares"),
        (
            with_goods(specifics=(cove.Specific(serial="9" * 26),)),
            "cove_too_long",
            "numeroSerie",
        ),
    ],
)
def test_what_would_be_refused(comprobante, code, field):
    issues = cove.check(comprobante)
    assert [(issue.code, issue.field_name) for issue in issues] == [(code, field)]
    # whoever shows it translates these two first
    assert issues[0].params["place"] in ("document", "issuer", "recipient", "goods")
    assert issues[0].text


def test_no_goods():
    empty = changed(invoices=(cove.Invoice("F-1", ()),))
    assert [issue.code for issue in cove.check(empty)] == ["cove_no_goods"]
    with pytest.raises(FormatError) as caught:
        cove.build(empty, SIGNED)
    assert caught.value.issue.code == "cove_schema"


def test_schema_says_what_the_checks_did_not():
    with pytest.raises(FormatError):
        cove.build(changed(operation="TOCE.XXX"), SIGNED)


def receipt(**texts):
    root = etree.Element("solicitarRecibirCoveServicioResponse")
    for name, text in texts.items():
        etree.SubElement(root, name).text = text
    return root


@pytest.mark.parametrize("number", ["", "0", "000"])
def test_a_receipt_without_a_number(number):
    """Zero is the number of no operation: nothing was registered under it."""
    told = receipt(numeroDeOperacion=number, mensajeInformativo="Firma no válida")
    assert cove.read_receipt(told) == ("", "Firma no válida")
    with pytest.raises(FormatError, match="something else than a receipt"):
        cove.read_receipt(receipt(numeroDeOperacion=number))


def test_a_receipt():
    assert cove.read_receipt(receipt(numeroDeOperacion="0216068")) == ("0216068", "")


@given(st.text(max_size=60))
def test_any_text_is_refused_or_sent_as_signed(text):
    """No text of a user breaks the XML, or is read otherwise than it was signed."""
    comprobante = changed(remarks=clean(text))
    if cove.check(comprobante):
        return
    root = cove.build(comprobante, SIGNED)
    sent = root.findtext(f".//{{{cove.NAMESPACE}}}observaciones", "")
    assert " ".join(sent.split()) == comprobante.remarks
    assert not sent or f"|{sent}|" in cove.original(comprobante)


@given(
    st.decimals(min_value="0.001", max_value="999999999999", places=5, allow_nan=False)
)
def test_numbers_are_exact(number):
    text = amount(number, Decimal("0.001"))
    assert abs(Decimal(text) - number) <= Decimal("0.0005")
    assert len(text.split(".")[1]) == 3


@pytest.mark.parametrize(
    ("number", "message", "expected"),
    [
        ("216068", "Se recibió correctamente la petición.", ("216068", "")),
        ("", "El RFC no tiene privilegios", ("", "El RFC no tiene privilegios")),
        ("0", "El RFC no tiene privilegios", ("", "El RFC no tiene privilegios")),
        # registered, under a number that cannot be read: no refusal
        ("mil", "Se recibió correctamente la petición.", None),
        ("", "", None),
    ],
)
def test_receipt(number, message, expected):
    root = etree.Element("respuesta")
    etree.SubElement(root, "numeroDeOperacion").text = number
    etree.SubElement(root, "mensajeInformativo").text = message
    if expected is None:
        with pytest.raises(FormatError) as caught:
            cove.read_receipt(root)
        assert caught.value.issue.code == "cove_receipt"
    else:
        assert cove.read_receipt(root) == expected
