# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The key of the server under which secrets are kept in the database."""

import os

from cryptography.fernet import Fernet, MultiFernet

from odoo.exceptions import UserError
from odoo.tools import config

KEY_OPTION, KEY_VARIABLE = "immex_efirma_key", "IMMEX_EFIRMA_KEY"


class Token(str):
    """An encrypted secret that was made here. A plain string, as it comes from outside,
    is never stored as one."""

    __slots__ = ()


def own_token(vals, name):
    """A copy of ``vals``, without the token of the field ``name`` if it comes from
    outside."""
    foreign = not isinstance(vals.get(name), Token)
    return {key: vals[key] for key in vals if not (foreign and key == name)}


def keeper(env):
    """What closes and opens kept passphrases: Fernet keys of the server, the first
    closes, all open (so that a key can be replaced); None without any.

    The key stands in odoo.conf or in the environment, never in the database: a copy of
    the database opens nothing.
    """
    text = os.environ.get(KEY_VARIABLE) or config.get(KEY_OPTION) or ""
    keys = [key.strip() for key in text.split(",") if key.strip()]
    if not keys:
        return None
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        # the key itself stays out of the message and of its cause
        raise UserError(
            env._(
                "%(option)s of odoo.conf, or %(variable)s of the environment, is no "
                "Fernet key (32 bytes in URL-safe base64).",
                option=KEY_OPTION,
                variable=KEY_VARIABLE,
            )
        ) from None
