# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The e.firma of the SAT: certificate (.cer), encrypted private key (.key), signature.

The certificate is DER X.509; its serial number is 20 ASCII digits written as bytes, the
RFC stands in the subject as x500UniqueIdentifier (OID 2.5.4.45), for a company followed
by " / " and the RFC of its representative. The key is DER PKCS#8, always encrypted.
Nothing here keeps the passphrase or the opened key.
"""

from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .issues import ERROR, FormatError, Issue, _lt

MAX_FILE = 16 * 1024  # bytes; a .cer or .key of the SAT has about 2 KB
RFC_OID = x509.ObjectIdentifier("2.5.4.45")
# An encrypted PKCS#8 begins with a password-based scheme: OID 1.2.840.113549.1.5.x, as
# PBES2 (.13) or one of PBES1. A key in the clear has rsaEncryption (1.1.1) there.
PBES = bytes.fromhex("06092a864886f70d0105")

# scrypt as the derivation of the key: no e.firma has it, and it takes what memory it
# is told to.
SCRYPT = bytes.fromhex("06092b06010401da47040b")
MAX_KEY = 6 * 1024  # bytes of a .key: one of 8192 bits has less than 5 KB
MAX_BITS = 8192
# Rounds of the derivation of the key: the SAT has 2048, the strictest advice 1,300,000.
MAX_ROUNDS = 2_000_000
SEQUENCE, INTEGER = 0x30, 0x02

# What the library raises over a broken certificate.
BROKEN = (
    ValueError,
    TypeError,  # a name of a type that is not its own
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the certificate says; ``der`` its bytes, times in UTC without zone."""

    der: bytes = field(repr=False)
    serial: str
    rfc: str
    name: str
    valid_from: datetime
    valid_until: datetime

    def check_at(self, moment):
        """:raise FormatError: when ``moment`` (UTC, without zone) is out of validity"""
        if moment < self.valid_from:
            raise _error(
                "efirma_early",
                _lt("The certificate %(serial)s is not valid before %(date)s."),
                serial=self.serial,
                date=self.valid_from.date().isoformat(),
            )
        if moment > self.valid_until:
            raise _error(
                "efirma_expired",
                _lt(
                    "The certificate %(serial)s expired on %(date)s: renew the e.firma "
                    "at the SAT and load the new files."
                ),
                serial=self.serial,
                date=self.valid_until.date().isoformat(),
            )


def _error(code, message, **params):
    return FormatError(Issue(ERROR, code, message, params))


def read_certificate(data):
    """Read a .cer file.

    :param bytes data: DER
    :return: :class:`Certificate`
    :raise FormatError: not a certificate, not of the SAT's form, or a seal (CSD)
    """
    if len(data) > MAX_FILE:
        raise _error("efirma_size", _lt("The certificate is too large to be one."))
    try:
        certificate = x509.load_der_x509_certificate(data)
        key = certificate.public_key()
        attributes = certificate.subject.get_attributes_for_oid(RFC_OID)
        usage = _usage(certificate)
        valid = [
            moment.replace(tzinfo=None)
            for moment in (
                certificate.not_valid_before_utc,
                certificate.not_valid_after_utc,
            )
        ]
    except BROKEN as error:
        raise _error(
            "efirma_not_certificate",
            _lt("This is not a certificate: choose the .cer file of the e.firma."),
        ) from error
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size > MAX_BITS:
        raise _error("efirma_not_rsa", _lt("The certificate has no RSA key."))
    if not attributes:
        raise _error(
            "efirma_no_rfc",
            _lt("The certificate names no RFC: it is not an e.firma of the SAT."),
        )
    _check_usage(usage)
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return Certificate(
        der=bytes(data),
        serial=_serial(certificate.serial_number),
        rfc=_text(attributes[0].value).split("/")[0].strip().upper(),
        name=_text(names[0].value) if names else "",
        valid_from=valid[0],
        valid_until=valid[1],
    )


def _text(value):
    return (value.decode("latin-1") if isinstance(value, bytes) else value).strip()


def _serial(number):
    """The 20 digits of the SAT are the ASCII codes of the serial number's bytes."""
    if number < 0:
        return str(number)
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return raw.decode("ascii") if raw.isdigit() else f"{number:x}"


def _usage(certificate):
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _check_usage(usage):
    """An e.firma may agree on keys or encipher data; a seal (CSD) signs only."""
    if usage is None or not usage.digital_signature:
        raise _error(
            "efirma_usage", _lt("The certificate is not made for signing documents.")
        )
    if not (usage.key_agreement or usage.data_encipherment):
        raise _error(
            "efirma_csd",
            _lt(
                "This is a seal for invoices (CSD): customs documents are signed with "
                "the e.firma."
            ),
        )


def check_encrypted(key_data):
    """:raise FormatError: when the key is not PKCS#8 in its encrypted form

    What is kept must be useless to whoever copies it without the passphrase.
    """
    if len(key_data) > MAX_KEY:
        raise _error("efirma_size", _lt("The private key is too large to be one."))
    try:
        _tag, scheme, _end = _element(key_data, 0, len(key_data))
        _tag, parameters, end = _element(key_data, scheme, len(key_data))
        rounds = max(_integers(key_data, parameters, end), default=0)
    except (IndexError, ValueError):
        rounds = None
    if rounds is None or PBES not in key_data[:32]:
        raise _error(
            "efirma_not_key",
            _lt(
                "This is not an encrypted private key: choose the .key file of the "
                "e.firma."
            ),
        )
    # the library would count them all, for hours, before it finds the passphrase wrong
    if rounds > MAX_ROUNDS or SCRYPT in key_data[:end]:
        raise _error(
            "efirma_algorithm",
            _lt("The private key is encrypted in a way that cannot be read here."),
        )


def _element(data, at, end):
    """Return the tag of the DER element at ``at``, where its content begins and ends.

    :raise ValueError, IndexError: there is none that is whole
    """
    tag, length, begin = data[at], data[at + 1], at + 2
    if length > 0x80:
        begin += length - 0x80
        length = int.from_bytes(data[at + 2 : begin], "big")
    elif length == 0x80:
        raise ValueError("a length that is not told")
    if begin + length > end:
        raise ValueError("longer than what is around it")
    return tag, begin, begin + length


def _integers(data, at, end):
    """Yield the integers between ``at`` and ``end``, those of sequences included."""
    while at < end:
        tag, begin, after = _element(data, at, end)
        if tag == INTEGER:
            yield int.from_bytes(data[begin:after], "big")
        at = begin if tag == SEQUENCE else after


def open_key(key_data, passphrase, certificate):
    """Open the private key and see that it is the certificate's.

    :param bytes key_data: DER PKCS#8, encrypted
    :param str passphrase: of the key
    :param Certificate certificate: whose key it is to be
    :raise FormatError: not a key, wrong passphrase, key of another certificate
    """
    check_encrypted(key_data)
    try:
        key = serialization.load_der_private_key(key_data, passphrase.encode() or b"\0")
    except (ValueError, TypeError) as error:
        # the library's own text is not shown: it need not be free of the input
        raise _error(
            "efirma_passphrase",
            _lt("The passphrase does not open the private key of the e.firma."),
        ) from error
    except UnsupportedAlgorithm as error:
        raise _error(
            "efirma_algorithm",
            _lt("The private key is encrypted in a way that cannot be read here."),
        ) from error
    public = x509.load_der_x509_certificate(certificate.der).public_key()
    if not isinstance(key, rsa.RSAPrivateKey) or (
        key.public_key().public_numbers() != public.public_numbers()
    ):
        raise _error(
            "efirma_mismatch",
            _lt(
                "The private key is not the one of the certificate %(serial)s: load "
                "the .cer and .key of the same e.firma."
            ),
            serial=certificate.serial,
        )
    return key


def sign(key, text, encoding="utf-8"):
    """Sign an original string: RSA PKCS#1 v1.5 with SHA-256.

    :param key: as :func:`open_key` returns it
    :param str text: the original string
    :param str encoding: of the signed bytes, which the service sets
    :return: bytes of the signature
    :raise FormatError: a character that the encoding lacks
    """
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError as error:
        raise _error(
            "efirma_encoding",
            _lt("The character %(character)s cannot be signed: write it another way."),
            character=text[error.start],
        ) from error
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def verify(certificate_der, text, signature, encoding="utf-8"):
    """Whether ``signature`` over ``text`` is of the key of the certificate."""
    key = x509.load_der_x509_certificate(certificate_der).public_key()
    try:
        key.verify(
            signature, text.encode(encoding), padding.PKCS1v15(), hashes.SHA256()
        )
    except InvalidSignature:
        return False
    return True
