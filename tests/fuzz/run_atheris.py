# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``run_atheris.py CODEC FOLDER... OPTIONS``: libFuzzer on one codec; see `make fuzz`.

Anything but ``FormatError`` ends it; the file that did it is kept in ``out/fuzz``.
"""

import hashlib
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["immex_formats", "immex_addon"]):
    from codecs_under_test import read

NAME = sys.argv.pop(1)

FOUND = Path(__file__).resolve().parents[2] / "out" / "fuzz"


def one(content):
    try:
        read(NAME, content)
    except BaseException:
        # libFuzzer keeps what crashes the process, which an exception does not
        name = f"{NAME}-crash-{hashlib.sha256(content).hexdigest()[:16]}"
        (FOUND / name).write_bytes(content)
        raise


atheris.Setup(sys.argv, one)
atheris.Fuzz()
