# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What opens the way to a server: a password, or a private key of SSH."""

import io
import json

import paramiko
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

KINDS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
MAX_KEY = 20_000  # characters; an RSA key of 16384 bits has some 13,000


class BadKey(ValueError):
    """No private key that can be used, or another passphrase than its own."""


def read_key(text, passphrase=None):
    """The private key of a text in OpenSSH's or PEM form.

    :raise BadKey: without a word of the key
    """
    if len(text) > MAX_KEY:
        raise BadKey
    for kind in KINDS:
        try:
            # white space that a form adds or takes away is no part of it
            return kind.from_private_key(io.StringIO(text.strip() + "\n"), passphrase)
        except (paramiko.SSHException, ValueError, TypeError, IndexError):
            continue
        except (UnsupportedAlgorithm, UnicodeDecodeError, AttributeError):
            continue
    raise BadKey


def make_key(comment):
    """A new key pair: ``(private text, line for the server's authorized_keys)``."""
    private = ed25519.Ed25519PrivateKey.generate()
    text = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    ).decode()
    return text, public_line(read_key(text), comment)


def public_line(key, comment=""):
    """The public half as OpenSSH writes it; also of a server's key."""
    return f"{key.get_name()} {key.get_base64()} {comment}".strip()


def pack(password=None, key=None, passphrase=None):
    """One text of what is to be kept, encrypted by the caller."""
    return json.dumps({"password": password, "key": key, "passphrase": passphrase})


def unpack(text):
    """``(password, key)`` of a packed text; one of them is None."""
    kept = json.loads(text)
    if kept["key"]:
        return None, read_key(kept["key"], kept["passphrase"])
    return kept["password"], None
