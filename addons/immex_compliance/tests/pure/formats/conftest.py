# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Loads the codecs from their folder as ``immex_formats``: the add-on's __init__, and
with it Odoo, is never imported."""

import importlib.util
import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

HERE = Path(__file__).resolve().parent
FORMATS = HERE.parents[2] / "formats"

settings.register_profile(
    "immex",
    deadline=None,
    max_examples=int(os.environ.get("IMMEX_EXAMPLES", "80")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("immex")

if "immex_formats" not in sys.modules:
    spec = importlib.util.spec_from_file_location(
        "immex_formats",
        FORMATS / "__init__.py",
        submodule_search_locations=[str(FORMATS)],
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["immex_formats"] = module
    spec.loader.exec_module(module)
if str(HERE) not in sys.path:
    sys.path.append(str(HERE))
