# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The add-on's pure parts, loaded without its ``__init__``, which needs Odoo."""

import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = HERE.parents[1] / "tools"
for folder in (HERE, TOOLS):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))

import_module("make_files").load()
