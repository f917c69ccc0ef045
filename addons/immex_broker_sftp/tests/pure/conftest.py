# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The add-on's pure parts, loaded without its ``__init__``, which needs Odoo."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
for folder in (HERE.parents[1], HERE.parent):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
