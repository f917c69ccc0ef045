# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A small broker file, written line by line and not by the writer under test."""

import io

from immex_formats.issues import FormatError
from immex_formats.m3 import M3Reader

NAME = "m3456001.275"
PEDIMENTO = """\
500|1|3456|6000001|240|
501|3456|6000001|240|1|IN|240||ARB150612KM4||18.00000|0|0|0|0||12.500|7|7|7|9|\
ARNESES RÍO BRAVO SA DE CV|AV UNO||100|66600|APODACA|NLE|MEX||0|0|0|0|0
505|6000001|28092026|COVE26000001A|FCA|USD|150.00|150.00|USA||47-1180231|ACME|||||
506|6000001|1|01102026
506|6000001|2|02102026
507|6000001|IM|1234-2006||
509|6000001|1|8.0000000000|7
510|6000001|1|0|22
510|6000001|15|0|330
511|6000001|2|SEGUNDA PARTE
511|6000001|1|PRIMERA PARTE Y\x20
512|6000001|3456|5000009|240|IN|15112025|85369099|1|0.22900
551|6000001|85369099|1|17|TERMINALES|9.00000|900|900|50.00|100.000|6|1.50000|1|\
|0|1|T-1|||USA|USA||||
553|6000001|85369099|1|NM|FIRMA|NOM-019|50.00|100.00000
554|6000001|85369099|1|TL|USA||
556|6000001|85369099|1|6|5.0000000000|1
556|6000001|85369099|1|3|16.0000000000|1
557|6000001|85369099|1|6|5|45
557|6000001|85369099|1|3|21|153
558|6000001|85369099|1|1|OBSERVACIÓN
551|6000001|85444999|2|99|CABLE|0.36000|1800|1800|100.00|5000.000|3|75.00000|1|\
|0|1||||CHN|USA||||
556|6000001|85444999|2|6|0.0000000000|1
557|6000001|85444999|2|6|5|0
800|6000001|1|FIRMA|00001000000512345678
"""


def m3_lines(text=PEDIMENTO, pedimentos=1, name=NAME):
    """The lines of a file, its closing record last."""
    result = text.splitlines()
    return [*result, f"801|{name}|{pedimentos}|{len(result)}|PRV01"]


def changed(old, new, text=PEDIMENTO):
    """The text with the only ``old`` replaced."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def encode(lines, eol="\r\n", pipe="", encoding="utf-8"):
    return "".join(line + pipe + eol for line in lines).encode(encoding)


def read(content, limits=None):
    """Return ``(documents, issues, summary, fatal issue or None)``."""
    if isinstance(content, list):
        content = encode(content)
    reader = M3Reader(io.BytesIO(content), NAME, limits)
    documents, fatal = [], None
    try:
        documents.extend(reader)
    except FormatError as error:
        fatal = error.issue
    return documents, list(reader.issues), reader.summary, fatal


def read_well(content, limits=None):
    """The documents of a file with nothing wrong, and its summary."""
    documents, issues, summary, fatal = read(content, limits)
    assert fatal is None
    assert issues == []
    return documents, summary


def one_reading(content, encoding):
    """Whether the encoding of a file can be told from its bytes: a few sequences of
    Windows-1252 (as of A with tilde and plus-minus) are valid UTF-8 as well."""
    if encoding == "utf-8" or content.isascii():
        return True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def places(issues, code=None):
    """``(code, line, field)`` of issues, those of a code only where it is given."""
    return [
        (issue.code, issue.line, issue.field_number)
        for issue in issues
        if code in (None, issue.code)
    ]
