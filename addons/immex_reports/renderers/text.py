# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Text as files can hold it."""

import re

# What XML 1.0 cannot hold at all; a workbook is XML too.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def clean(text):
    """Return ``text`` with what XML cannot hold replaced, and one kind of line end:
    XML readers would change the others anyway."""
    text = str(text)
    if text.isprintable():
        return text
    text = _ILLEGAL.sub(REPLACEMENT, text)
    return text.replace("\r\n", "\n").replace("\r", "\n")
