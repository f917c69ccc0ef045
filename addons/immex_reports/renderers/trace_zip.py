# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The traceability file's zip: safe names, hashes, no secrets. Pure Python."""

import hashlib
import re
import unicodedata
import zipfile
from dataclasses import dataclass

BLOCK = 1024 * 1024
LOOK = 256 * 1024  # bytes in which a secret is looked for
NAME = 80
MANIFEST = "manifest.sha256"

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_SECRET_NAME = re.compile(r"\.(key|pfx|p12|pem|pk8|jks|kdbx?|ppk|asc|gpg)$", re.I)
_SECRET_TEXT = re.compile(
    rb"PRIVATE KEY-----|<(?:\w+:)?Password\b|<(?:\w+:)?contrasena\b", re.I
)
# private keys in DER: PKCS#8 under a password (PBES), PKCS#12
_PBES = bytes.fromhex("2a864886f70d0105")
_PKCS12 = bytes.fromhex("02010330")


@dataclass
class Packed:
    """A document in the zip."""

    path: str
    size: int
    sha256: str


def safe_name(name):
    """A file name that no system takes for a path, a command or a hidden file."""
    text = unicodedata.normalize("NFKD", str(name or ""))
    text = text.encode("ascii", "ignore").decode()
    text = _UNSAFE.sub("_", text).strip("._-")
    if len(text) > NAME:
        stem, dot, suffix = text.rpartition(".")
        suffix = dot + suffix if dot and len(suffix) <= 8 else ""
        text = (stem or text)[: NAME - len(suffix)] + suffix
    return text or "documento"


def is_secret(name, start):
    """Whether a file is a key, or holds a password, by its name and its first bytes."""
    if _SECRET_NAME.search(str(name or "").strip()):
        return True
    head = start[:64]
    if head[:1] == b"0" and (_PBES in head or _PKCS12 in head[:16]):
        return True
    return bool(_SECRET_TEXT.search(start))


class Packer:
    """Writes a zip to a binary stream, hashing what goes in."""

    def __init__(self, stream, moment):
        """:param moment: datetime that every entry bears"""
        self.zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED)
        self.moment = moment.timetuple()[:6]
        self.packed = []

    def add(self, path, source):
        """Copy a binary stream; return its :class:`Packed`."""
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(path, self.moment)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        with self.zip.open(info, "w", force_zip64=True) as target:
            while block := source.read(BLOCK):
                digest.update(block)
                size += len(block)
                target.write(block)
        packed = Packed(path, size, digest.hexdigest())
        self.packed.append(packed)
        return packed

    def close(self):
        """Write the manifest, as ``sha256sum -c`` reads it, and end the zip."""
        lines = "".join(f"{file.sha256}  {file.path}\n" for file in self.packed)
        info = zipfile.ZipInfo(MANIFEST, self.moment)
        info.external_attr = 0o644 << 16
        self.zip.writestr(info, lines)
        self.zip.close()
