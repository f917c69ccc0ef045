# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every codec against files that mean harm: nothing but ``FormatError``, within a
second a MB and ten times its size in memory.

``IMMEX_EXAMPLES`` sets how many damaged files each codec gets, ``IMMEX_FUZZ_MIB`` how
large the long ones are; ``make fuzz`` goes on from the same corpus, guided by coverage.
"""

import io
import os
import time
import tracemalloc
import zipfile

import pytest
from codecs_under_test import CODECS, CORPUS, read, seeds
from damage import damaged
from hypothesis import HealthCheck, given, settings
from immex_formats.partfile import COLUMNS
from immex_formats.pedimento_xml.layout import NAMESPACE, ROOT
from immex_formats.pedimento_xml.layout import PEDIMENTO as XML_PEDIMENTO
from immex_formats.text import Limits

MIB = 1 << 20
# buffers of the readers, whatever the size of the file
FLOOR = 3 * MIB
# and one answer of VUCEM as a tree
TREE = 8 * MIB
SIZE = int(os.environ.get("IMMEX_FUZZ_MIB", "1")) * MIB
EXAMPLES = int(os.environ.get("IMMEX_EXAMPLES", "40"))
PEDIMENTO = b"500|1|3456|6000001|240|\r\n"
PARTIDA = "551|6000001|1|{}||A|9|2|1|1|1|1|1|1" + "|" * 12 + "\r\n"
SOAP = b"http://schemas.xmlsoap.org/soap/envelope/"
BODY = b"<s:Envelope xmlns:s='%s' xmlns='urn:immex-compliance:broker:1'><s:Body>" % SOAP
END = b"</s:Body></s:Envelope>"
LIST = BODY + b"<consultarPedimentosRespuesta><tieneError>false</tieneError>"
ANSWER = b"<vucem><consultarPedimentoCompletoRespuesta>"
XML = b"<%s xmlns='%s'><%s>" % tuple(
    name.encode() for name in (ROOT, NAMESPACE, XML_PEDIMENTO)
) + (
    b"<movimiento><tipo_movimiento>1</tipo_movimiento><patente>3456</patente>"
    b"<pedimento>6000001</pedimento><aduana_seccion>240</aduana_seccion></movimiento>"
)
OPENING = ",".join(COLUMNS).encode() + b"\n"
# how a body goes on: what stands before, what repeats, what stands after
LONG = {
    "m3": [
        (PEDIMENTO, b"511|6000001|1|A\r\n", b""),
        (PEDIMENTO, b"9\n", b""),
        (PEDIMENTO, b"511|6000001|9|" + "ñ".encode() * 2000 + b"\n", b""),
        (PEDIMENTO, b"9" + b"|" * 8000 + b"\n", b""),
        (b"", PEDIMENTO + b"800|6000001|1|F|1\r\n", b""),
        (b"", b"|" * 8000 + b"\n", b""),
    ],
    "partfile": [
        (b"", b",", b"\n"),
        (b"", b'"', b""),
        (b"", b"a,b\n", b""),
        (OPENING, b'"a\n",', b""),
        (OPENING, b"\n", b""),
        (OPENING, b"," * 16 + b"\n", b""),
    ],
    "opening": [(b"", b"TOTAL,", b"\n"), (b"", b"\n", b"")],
    "opening_stock": [(b"", b"1,2,3\n", b"")],
    "scccyg": [
        (b"", b"01|3456|6001234|240|02102026|85369099|1.00|N\n", b""),
        (b"02|1|2026|1\n", b"04|3456|6001234|240\n", b""),
        (b"02|1|2026|1\n", b"03|85369099|x|N\n", b""),
        (b"02|1|2026|1\n", b"03|85369099|1|N\n", b""),
        (b"02|1|2026|1\n", b"05|AB\n", b""),
    ],
    "pedimento_xml": [
        (b"", b"<a>", b""),
        (b"<a>", b"x", b"</a>"),
        (b"<a ", b"b='c' ", b"/>"),
        (b"<a>", b"<!-- -->", b"</a>"),
        (XML, b"<registro>9</registro>", b"</documento></pedimentos>"),
        (XML, b"<registro a='' b='' c=''>9</registro>", b"</documento></pedimentos>"),
    ],
    "datastage": [
        (b"PK\x03\x04", b"PK\x01\x02", b""),
        (b"", b"PK\x05\x06" + b"\xff" * 18, b""),
    ],
    "m3_answer": [
        (b"", b"F6001234ABCD1234\n", b""),
        (b"", b"A6001234\n", b""),
        (b"", b"\n", b""),
    ],
    "vucem": [
        (ANSWER, b"<a/>", b""),
        (ANSWER, b"<a b=''/>", b""),
        (ANSWER, b"<a>1</a>", b""),
        (ANSWER + b"</consultarPedimentoCompletoRespuesta>", b"<a/>", b"</vucem>"),
        (ANSWER, b"x", b""),
        (b"", b" ", b""),
    ],
    "vucem_answer": [
        (
            LIST,
            b"<pedimento/>",
            b"</consultarPedimentosRespuesta></s:Body></s:Envelope>",
        ),
        (BODY, b"<a/>", END),
        (BODY + b"<a>", b"<mensaje>a</mensaje>", b"</a>" + END),
        (BODY + b"<a ", b"b='' ", b"/>" + END),
        (b"<!DOCTYPE a [", b"<!ENTITY a 'x'>", b"]><a/>"),
        (b"", b"<a>", b""),
    ],
    "digitization": [(b"a.pdf\n%PDF-", b"/Encrypt", b"%%EOF")],
    "efirma_certificate": [(b"", b"\x30\x82", b"")],
    "efirma_key": [(b"", b"\x30\x82\xff\xf0", b"")],
    "broker": [
        (BODY, b"<a/>", b""),
        (BODY + b"<deliverPedimento><content>", b"QUFB", b""),
        (BODY + b"<deliverPedimento><content>", b"QQ==", b""),
        (BODY + b"<deliverPedimento><kind>", b"x", b""),
        (BODY.replace(b"Body", b"Header"), b"<a b=''>x</a>", b""),
        (BODY.replace(b"Body", b"Header"), b"<!--a-->", b""),
        (BODY.replace(b"Body", b"Header") + b"<a", b" b=''", b"/>"),
    ],
}


def test_every_codec_has_a_corpus():
    assert {path.name for path in CORPUS.iterdir()} == set(CODECS)
    assert set(LONG) <= set(CODECS)


@pytest.mark.parametrize("name", CODECS)
def test_the_first_seed_is_a_good_file(name):
    assert read(name, seeds(name)[0]) is None


@pytest.mark.parametrize("name", CODECS)
def test_damaged(name):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(damaged(seeds(name)))
    def check(content):
        begun = time.process_time()
        read(name, content)
        spent = time.process_time() - begun
        # the first second is for small files: a pause of the machine is no hang
        assert spent < 1 + len(content) / MIB

    check()


@pytest.mark.parametrize("name", CODECS)
@pytest.mark.parametrize("other", CODECS)
def test_a_file_of_another_kind(name, other):
    for content in seeds(other):
        read(name, content)


@pytest.mark.parametrize(
    ("name", "before", "body", "after"),
    [(name, *parts) for name, all_parts in LONG.items() for parts in all_parts],
)
def test_long(name, before, body, after):
    check_long(name, before + body * (SIZE // len(body)) + after)


def check_long(name, content, free=0):
    """Within a second a MB, after the first ``free`` ones, and ten times its size in
    memory; return the fatal issue."""
    begun = time.process_time()
    read(name, content)
    spent = time.process_time() - begun
    assert spent < free + len(content) / MIB
    tracemalloc.start()
    try:
        issue = read(name, content)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    tree = TREE if name.startswith("vucem") else 0
    assert peak < 10 * len(content) + FLOOR + tree
    return issue


def _closed(records):
    count = records.count(b"\n") + 2
    return b"".join(
        (
            PEDIMENTO,
            records,
            b"800|6000001|1|F|1\r\n",
            b"801|m3456001.275|1|%d|\r\n" % count,
        )
    )


def test_as_many_partidas_as_fit():
    """The shortest that the layout lets pass, with a warning for each of them."""
    head = b"501|3456|6000001|240|1|IN|||ARB150612KM4||18" + b"|" * 24 + b"\r\n"
    partidas = "".join(PARTIDA.format(number) for number in range(1, 20_000))
    assert check_long("m3", _closed(head + partidas.encode())) is None


def test_as_many_records_as_fit():
    limit = Limits().max_records
    assert check_long("m3", _closed(b"9\n" * (limit - 2)), 1) is None
    assert check_long("m3", _closed(b"9\n" * limit), 1).code == "too_many_records"


def test_as_many_records_of_a_partida_as_fit():
    partida = PARTIDA.format(1).encode()
    records = b"558|6000001|1|1|9|A\r\n558|6000001|1|1|8|B\r\n" * 40_000
    assert check_long("m3", _closed(partida + records)) is None


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_of_large_files(method):
    """What bounds the list of the files bounds none of them."""
    with zipfile.ZipFile(io.BytesIO(seeds("datastage")[0])) as archive:
        head, row = archive.read("9_501.asc").splitlines(keepends=True)
    content = head + row * (MIB // len(row))
    assert read("datastage", _zip(("9_501.asc", content), method=method)) is None


def test_a_zip_of_very_many_files():
    """Empty ones: their list is all that the zip holds."""
    content = _zip(*((f"{number}", b"") for number in range(30_000)))
    assert check_long("datastage", content).code == "zip"


def test_many_answers_of_vucem():
    """Each is a tree of its own, whatever they are together."""
    whole = seeds("vucem")[0]
    at = whole.rindex(b"<ns2:consultarPartidaRespuesta")
    answer, end = whole[at:].removesuffix(b"</vucem>"), b"</vucem>"
    number = b"<numeroPartida>%d<"
    assert number % 2 in answer
    content = whole[:at] + b"".join(
        answer.replace(number % 2, number % partida)
        for partida in range(2, SIZE // len(answer))
    )
    assert check_long("vucem", content + end) is None


def _zip(*members, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_zip_bomb(method):
    with zipfile.ZipFile(io.BytesIO(seeds("datastage")[0])) as archive:
        head, row = archive.read("9_501.asc").splitlines(keepends=True)
    content = head + row * (64 * MIB // len(row))
    bomb = _zip(("9_501.asc", content), method=method)
    del content
    tracemalloc.start()
    try:
        issue = read("datastage", bomb)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    wanted = "bomb" if method == zipfile.ZIP_DEFLATED else "compression"
    assert issue.code == wanted
    assert peak < 8 * MIB


@pytest.mark.parametrize(
    "name", ["../../9_501.asc", "/etc/9_501.asc", "C:\\9_501.asc", "a/../9_501.asc"]
)
def test_path_in_a_zip(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile(io.BytesIO(seeds("datastage")[0])) as archive:
        good = archive.read(archive.namelist()[0])
    assert read("datastage", _zip((name, good))) is None
    assert not list(tmp_path.iterdir())


ENTITIES = {
    "billion laughs": "<!DOCTYPE l [<!ENTITY a 'ha'>"
    + "".join(
        f"<!ENTITY a{n} '{'&a;' * 10 if n == 0 else f'&a{n - 1};' * 10}'>"
        for n in range(9)
    )
    + "]>",
    "external": "<!DOCTYPE l [<!ENTITY a8 SYSTEM 'file:///etc/passwd'>]>",
    "parameter": "<!DOCTYPE l [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'> %p;]>",
}


@pytest.mark.parametrize("kind", ENTITIES)
def test_entities(kind):
    for seed in seeds("pedimento_xml"):
        text = seed.decode()
        head, mark, rest = text.partition("?>")
        hostile = head + mark + ENTITIES[kind] + rest.replace("ACME", "&a8;", 1)
        begun = time.process_time()
        issue = read("pedimento_xml", hostile.encode())
        assert issue is not None
        assert "root:" not in issue.text
        assert time.process_time() - begun < 1
