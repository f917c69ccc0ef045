# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from immex_formats import efirma
from immex_formats.issues import FormatError

sys.path.append(str(Path(__file__).resolve().parents[2]))
import efirma_make as make  # noqa: E402


def code_of(function, *arguments):
    with pytest.raises(FormatError) as caught:
        function(*arguments)
    return caught.value.issue.code


def test_what_the_certificate_says():
    read = efirma.read_certificate(make.certificate())
    assert read.serial == make.SERIAL
    assert read.rfc == "ADN150203AB1"
    assert read.name == "ARNESES DEL NORTE SA DE CV"
    assert read.valid_from < datetime.utcnow() < read.valid_until  # noqa: DTZ003
    assert "ADN" in repr(read) and "b'0" not in repr(read)


def test_another_serial_is_shown_in_hexadecimal():
    read = efirma.read_certificate(make.certificate(serial="\x01\x02A"))
    assert read.serial == "10241"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"rfc": ""}, "efirma_no_rfc"),
        ({"uses": make.CSD}, "efirma_csd"),
        ({"uses": {"key_agreement": True}}, "efirma_usage"),
        ({"key": ec.generate_private_key(ec.SECP256R1())}, "efirma_not_rsa"),
    ],
)
def test_no_efirma(options, code):
    assert code_of(efirma.read_certificate, make.certificate(**options)) == code


@given(st.binary(max_size=400))
def test_whatever_else_is_refused(data):
    assert code_of(efirma.read_certificate, data) == "efirma_not_certificate"
    assert code_of(efirma.check_encrypted, data.replace(efirma.PBES, b"")) == (
        "efirma_not_key"
    )


@given(st.integers(0, 1500), st.integers(0, 255))
def test_a_damaged_certificate_is_refused_or_read(position, value):
    data = bytearray(make.certificate())
    data[position % len(data)] = value
    try:
        efirma.read_certificate(bytes(data))
    except FormatError as error:
        assert error.issue.code.startswith("efirma_")


def test_size_is_limited():
    assert code_of(efirma.read_certificate, b"0" * 20000) == "efirma_size"
    assert code_of(efirma.check_encrypted, b"0" * 20000) == "efirma_size"


def test_validity():
    read = efirma.read_certificate(make.certificate())
    read.check_at(read.valid_from)
    read.check_at(read.valid_until)
    second = timedelta(seconds=1)
    assert code_of(read.check_at, read.valid_from - second) == "efirma_early"
    assert code_of(read.check_at, read.valid_until + second) == "efirma_expired"


def test_key_and_passphrase():
    read = efirma.read_certificate(make.certificate())
    key = efirma.open_key(make.key_file(), make.PASSPHRASE, read)
    assert key.key_size == 2048
    for wrong in ("", "12345678a", make.PASSPHRASE + " "):
        assert code_of(efirma.open_key, make.key_file(), wrong, read) == (
            "efirma_passphrase"
        )
    other = make.key_file(1)
    assert code_of(efirma.open_key, other, make.PASSPHRASE, read) == "efirma_mismatch"
    clear = make.key_file(passphrase=None)
    assert code_of(efirma.open_key, clear, make.PASSPHRASE, read) == "efirma_not_key"


# where the lengths of what stands around the rounds are
AROUND = (5, 18, 20, 33)


def test_a_key_that_would_be_opened_for_hours():
    """The rounds of the derivation of a key are counted before the library does."""
    key, rounds = make.key_file(), bytes.fromhex("02020800")
    assert key.count(rounds) == 1
    for told in ("02021000", "02047fffffff", "0208" + "7f" * 8):
        number = bytes.fromhex(told)
        grown = len(number) - len(rounds)
        long = bytearray(key.replace(rounds, number))
        long[2:4] = (int.from_bytes(key[2:4], "big") + grown).to_bytes(2, "big")
        for at in AROUND:
            long[at] += grown
        long = bytes(long)
        read = efirma.read_certificate(make.certificate())
        wanted = "efirma_passphrase" if grown == 0 else "efirma_algorithm"
        assert code_of(efirma.open_key, long, make.PASSPHRASE, read) == wanted
    scrypt = key.replace(bytes.fromhex("06092a864886f70d01050c"), efirma.SCRYPT)
    assert code_of(efirma.check_encrypted, scrypt) == "efirma_algorithm"


def test_nesting_without_end_is_no_key():
    depth = b"".join(
        b"\x30\x82" + (4 * left).to_bytes(2, "big") for left in range(1400, -1, -1)
    )
    assert code_of(efirma.check_encrypted, depth) == "efirma_not_key"


def test_an_error_does_not_tell_the_passphrase():
    read = efirma.read_certificate(make.certificate())
    with pytest.raises(FormatError) as caught:
        efirma.open_key(make.key_file(), "equivocada-77", read)
    assert "equivocada-77" not in str(caught.value) + repr(caught.value.issue)


def test_signature_is_what_openssl_verifies(tmp_path):
    """Judged by another program than the one that signed."""
    data = make.certificate()
    read = efirma.read_certificate(data)
    key = efirma.open_key(make.key_file(), make.PASSPHRASE, read)
    text = "|TOCE.EXP|Ñ-1|0|2026-11-28|4|"
    (tmp_path / "cer").write_bytes(data)
    for encoding in ("utf-8", "iso-8859-1"):
        (tmp_path / "text").write_bytes(text.encode(encoding))
        (tmp_path / "signature").write_bytes(efirma.sign(key, text, encoding))
        script = (
            "openssl x509 -inform DER -in cer -pubkey -noout > pub &&"
            " openssl dgst -sha256 -verify pub -signature signature text"
        )
        subprocess.run(["sh", "-c", script], cwd=tmp_path, check=True)
        assert efirma.verify(
            data, text, (tmp_path / "signature").read_bytes(), encoding
        )
    assert not efirma.verify(data, text + " ", efirma.sign(key, text))


def test_a_character_that_the_encoding_lacks():
    read = efirma.read_certificate(make.certificate())
    key = efirma.open_key(make.key_file(), make.PASSPHRASE, read)
    assert code_of(efirma.sign, key, "|€|", "iso-8859-1") == "efirma_encoding"
