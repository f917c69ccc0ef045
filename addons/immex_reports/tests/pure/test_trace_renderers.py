# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hashlib
import io
import zipfile
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    pkcs12,
)
from hypothesis import given
from hypothesis import strategies as st
from immex_reports.renderers.graph_layout import GAP_X, WIDTH, place
from immex_reports.renderers.trace_pdf import Section, TraceFile, write_trace
from immex_reports.renderers.trace_zip import Packer, is_secret, safe_name
from pypdf import PdfReader


def node(key, rank, lines=2, **more):
    values = {"label": "Layer", "title": key, "type": "layer", "root": False}
    return {"key": key, "rank": rank, "lines": ["x"] * lines, **values, **more}


def edge(source, target, label=("5 pza",)):
    return {"source": source, "target": target, "label": list(label), "flow": True}


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=30), st.data()
)
def test_nodes_never_overlap(ranks, data):
    nodes = [node(f"n{at}", rank, lines) for at, (rank, lines) in enumerate(ranks)]
    keys = [item["key"] for item in nodes]
    edges = []
    if keys:
        pairs = st.tuples(st.sampled_from(keys), st.sampled_from(keys))
        edges = [
            edge(a, b) for a, b in data.draw(st.lists(pairs, max_size=40)) if a != b
        ]
    width, height = place(nodes, edges)
    for one in nodes:
        assert 0 <= one["x"] and one["x"] + one["w"] <= width
        assert 0 <= one["y"] and one["y"] + one["h"] <= height + 1
        for other in nodes:
            if one is not other and one["x"] == other["x"]:
                apart = (
                    one["y"] + one["h"] <= other["y"]
                    or other["y"] + other["h"] <= one["y"]
                )
                assert apart
    # a rank that is further right is drawn further right
    for one in nodes:
        for other in nodes:
            if one["rank"] < other["rank"]:
                assert one["x"] + WIDTH + GAP_X <= other["x"]


def test_subassemblies_before_what_uses_them():
    nodes = [node("whole", 3), node("half", 3), node("raw", 1)]
    place(nodes, [edge("half", "whole"), edge("raw", "half"), edge("raw", "whole")])
    at = {item["key"]: item["x"] for item in nodes}
    assert at["raw"] < at["half"] < at["whole"]


@given(st.text())
def test_names_are_safe(name):
    safe = safe_name(name)
    assert safe and len(safe) <= 80
    assert not set(safe) - set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
    )
    assert safe[0] not in "._-"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ("C:\\temp\\año.pdf", "C_temp_ano.pdf"),
        ("-rf *", "rf"),
        ("x" * 200 + ".xml", "x" * 76 + ".xml"),
        ("", "documento"),
    ],
)
def test_known_names(name, expected):
    assert safe_name(name) == expected


def test_keys_are_secrets():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    password = BestAvailableEncryption(b"hush")
    # the e.firma's own form: PKCS#8 in DER, under a password
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, password)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, password)
    assert is_secret("innocent.pdf", der)
    assert is_secret("innocent.pdf", pem.replace(b"ENCRYPTED ", b""))
    assert is_secret("innocent.pdf", pem)
    p12 = pkcs12.serialize_key_and_certificates(None, key, None, None, password)
    assert is_secret("innocent.pdf", p12)
    assert is_secret("Claveprivada.KEY ", b"")
    assert is_secret("a.xml", b"<wsse:Password Type='x'>hush</wsse:Password>")
    assert not is_secret("acta.pdf", b"%PDF-1.4 the password was changed")
    assert not is_secret("m3.txt", b"500|1|3456|6000001|240|\r\n")


def test_a_zip_that_verifies_without_us():
    target, moment = io.BytesIO(), datetime(2026, 11, 28, 12, 30)
    packer = Packer(target, moment)
    packed = packer.add("1_pedimentos/0001_m3.txt", io.BytesIO(b"500|"))
    assert packed.size == 4
    packer.close()
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        digest = hashlib.sha256(b"500|").hexdigest()
        manifest = archive.read("manifest.sha256").decode()
        assert manifest == f"{digest}  1_pedimentos/0001_m3.txt\n"
    other = io.BytesIO()
    packer = Packer(other, moment)
    packer.add("1_pedimentos/0001_m3.txt", io.BytesIO(b"500|"))
    packer.close()
    assert other.getvalue() == target.getvalue()


def trace(rows):
    nodes = [
        node("in", 0, title="26 24 3456 6000001", root=True),
        node("layer", 1, title="MAT-1 → <b>"),
        node("more", 2, type="more", title="and 120 more"),
    ]
    edges = [
        edge("in", "layer"),
        edge("layer", "more", ("12.5 kg incorporated", "0.5 kg merma")),
    ]
    width, height = place(nodes, edges)
    return TraceFile(
        title="Traceability file",
        head=["Arneses <b>del</b> Norte & Cía", "RFC: ADN150203AB1", "IMMEX 1234"],
        facts=[("Pedimento", "26 24 3456 6000001")],
        made="28/11/2026",
        page_of="Page %(page)s of %(pages)s",
        picture_title="From import to exit",
        picture={"nodes": nodes, "edges": edges, "width": width, "height": height},
        sections=[
            Section(
                "Discharges",
                [("Material", 1, "text"), ("Quantity", 1, "number")],
                [(f"MAT-{number}", "12.5") for number in range(rows)],
                note="All of them",
            ),
            Section("Findings", [("Finding", 1, "text")], [], empty="None."),
        ],
    )


def pages(rows):
    stream = io.BytesIO()
    write_trace(trace(rows), stream)
    texts = [page.extract_text() for page in PdfReader(stream).pages]
    return [" ".join(text.split()) for text in texts]


def test_every_page_has_its_head_and_number():
    texts = pages(200)
    assert len(texts) > 3
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {len(texts)}" in text
        assert "Arneses <b>del</b> Norte & Cía" in text
        assert "ADN150203AB1" in text
    whole = " ".join(texts)
    for words in (
        "26 24 3456 6000001",
        "and 120 more",
        "12.5 kg incorporated",
        "0.5 kg merma",
        "MAT-199",
        "All of them",
        "None.",
    ):
        assert words in whole, words


def test_the_same_file_is_the_same_pdf():
    one, other = io.BytesIO(), io.BytesIO()
    write_trace(trace(3), one)
    write_trace(trace(3), other)
    assert one.getvalue() == other.getvalue()
