# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``run_atheris.py CODEC FOLDER... OPTIONS``: libFuzzer on one codec; see `make fuzz`.

Anything but ``FormatError`` ends it, with the file that did it.
"""

import sys

import atheris

with atheris.instrument_imports(include=["immex_formats"]):
    from codecs_under_test import read

NAME = sys.argv.pop(1)

atheris.Setup(sys.argv, lambda content: read(NAME, content))
atheris.Fuzz()
