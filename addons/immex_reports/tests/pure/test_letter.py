# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
from dataclasses import replace
from datetime import date

from immex_reports.renderers.letter import Letter, long_date, write_letter
from pypdf import PdfReader

LETTER = Letter(
    company="Arneses <b>del</b> Norte & Cía",
    rfc="ADN150203AB1",
    program="1234-2019",
    certification="OEA 77",
    address="Calle 1, C.P. 88000, Nuevo Laredo, Tamaulipas",
    place="Nuevo Laredo, Tamaulipas",
    day=date(2026, 10, 5),
    since=date(2026, 10, 1),
    until=None,
    address_of_system="https://erp.example.com/immex/authority",
    user="sat@example.com",
    representative="",
    email="avisos@adn.example.com",
    phone="867 111 2233",
)


def text_of(letter):
    stream = io.BytesIO()
    write_letter(letter, stream)
    assert stream.getvalue().startswith(b"%PDF")
    pages = PdfReader(stream).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_letter_says_what_the_annex_asks():
    text = text_of(LETTER)
    for words in (
        "Administración General de Auditoría de Comercio Exterior",
        "Oficialía de Partes",
        "5 de octubre de 2026",
        "Arneses <b>del</b> Norte & Cía",
        "ADN150203AB1",
        "1234-2019",
        "https://erp.example.com/immex/authority",
        "sat@example.com",
        "hasta nuevo aviso",
        "se otorgan",
        "artículo 59, fracción I",
        "1.2.2. y 7.1.1., fracción XIV",
        "apartado C",
        "avisos@adn.example.com",
        "867 111 2233",
    ):
        assert words in text, words
    assert "____" in text  # who signs and the password are left to be written


def test_a_change_is_told_as_one():
    text = text_of(replace(LETTER, kind="change", until=date(2027, 1, 31)))
    assert "modificación de los datos" in text
    assert "31 de enero de 2027" in text


def test_the_same_letter_is_the_same_file():
    one, other = io.BytesIO(), io.BytesIO()
    write_letter(LETTER, one)
    write_letter(LETTER, other)
    assert one.getvalue() == other.getvalue()


def test_dates_in_words():
    assert long_date(date(2026, 12, 31)) == "31 de diciembre de 2026"
