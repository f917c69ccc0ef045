# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Certificates in the form of the SAT's, made for tests: no real e.firma is needed."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

SERIAL = "30001000000500003416"
PASSPHRASE = "Secreta-Ñandú 12345678a"
RFC_OID = x509.ObjectIdentifier("2.5.4.45")


@cache
def private_key(number=0):
    """An RSA key; another one for each number, made once."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def usage(**values):
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: values.get(name, False) for name in names})


EFIRMA = {
    "digital_signature": True,
    "content_commitment": True,
    "data_encipherment": True,
    "key_agreement": True,
}
CSD = {"digital_signature": True, "content_commitment": True}


def certificate(rfc="ADN150203AB1", number=0, days=365, since=-30, **options):
    """DER of a certificate: ``days`` from now it expires, ``since`` days it begins.

    Options: ``serial`` (20 digits), ``uses`` (key usage), ``key`` (its private key).
    """
    key = options.get("key") or private_key(number)
    now = datetime.now(UTC)
    name = [x509.NameAttribute(NameOID.COMMON_NAME, "ARNESES DEL NORTE SA DE CV")]
    if rfc:
        name.append(x509.NameAttribute(RFC_OID, f"{rfc} / PEGJ800101AB1"))
    name.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, " / PEGJ800101HCHRRN09"))
    issuer = [x509.NameAttribute(NameOID.COMMON_NAME, "A.C. DE PRUEBAS")]
    serial = options.get("serial", SERIAL).encode()
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name(name))
        .issuer_name(x509.Name(issuer))
        .public_key(key.public_key())
        .serial_number(int.from_bytes(serial, "big"))
        .not_valid_before(now + timedelta(days=since))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(usage(**options.get("uses", EFIRMA)), critical=True)
        .sign(private_key(99), hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


def key_file(number=0, passphrase=PASSPHRASE):
    """DER of the private key, encrypted; in the clear where ``passphrase`` is None."""
    return private_key(number).private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase is not None
        else serialization.NoEncryption(),
    )
