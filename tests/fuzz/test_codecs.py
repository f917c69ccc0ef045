# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every codec against files that mean harm: nothing but ``FormatError``, within a
second a MB and ten times its size in memory.

``IMMEX_EXAMPLES`` sets how many damaged files each codec gets; ``make fuzz`` goes on
from the same corpus, guided by coverage.
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

MIB = 1 << 20
# buffers of the readers, whatever the size of the file
FLOOR = 3 * MIB
# One pedimento is held as a whole, for what its records say of each other: a KiB a
# record, of which ``Limits`` bounds the number. Real records are longer than these.
HELD = {"m3": 1024}
EXAMPLES = int(os.environ.get("IMMEX_EXAMPLES", "40"))
# how a body goes on: what stands before, what repeats, what stands after
LONG = {
    "m3": [
        (b"500|1|3456|6000001|240|\r\n", b"511|6000001|1|A\r\n", b""),
        (b"500|1|3456|6000001|240|\r\n", b"9|\r\n", b""),
        (b"", b"500|1|3456|6000001|240|\r\n800|6000001|1|F|1\r\n", b""),
        (b"", b"|" * 8000 + b"\n", b""),
    ],
    "partfile": [(b"", b",", b"\n"), (b"", b'"', b""), (b"", b"a,b\n", b"")],
    "opening": [(b"", b"TOTAL,", b"\n"), (b"", b"\n", b"")],
    "opening_stock": [(b"", b"1,2,3\n", b"")],
    "scccyg": [
        (b"", b"01|3456|6001234|240|02102026|85369099|1.00|N\n", b""),
        (b"02|1|2026|1\n", b"04|3456|6001234|240\n", b""),
        (b"02|1|2026|1\n", b"03|85369099|x|N\n", b""),
    ],
    "pedimento_xml": [
        (b"", b"<a>", b""),
        (b"<a>", b"x", b"</a>"),
        (b"<a ", b"b='c' ", b"/>"),
        (b"<a>", b"<!-- -->", b"</a>"),
    ],
    "datastage": [(b"PK\x03\x04", b"PK\x01\x02", b"")],
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
    content = before + body * (2 * MIB // len(body)) + after
    begun = time.process_time()
    read(name, content)
    spent = time.process_time() - begun
    assert spent < len(content) / MIB
    tracemalloc.start()
    try:
        read(name, content)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    held = HELD.get(name, 0) * content.count(b"\n")
    assert peak < max(10 * len(content), held) + FLOOR


def test_a_pedimento_of_real_records():
    head, partida, tail = _parts(seeds("m3")[0])
    content = head + partida * (MIB // len(partida)) + tail
    tracemalloc.start()
    try:
        assert read("m3", content).code == "too_many"  # partida 1 again and again
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10 * len(content) + FLOOR


def _parts(content):
    start, end = content.index(b"551|"), content.index(b"800|")
    return content[:start], content[start:end], content[end:]


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
