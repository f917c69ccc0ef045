# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The engine, loaded from its folder: it needs a cursor, not Odoo."""

import importlib
import pathlib
import sys
import types

ADDON = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = "immex_without_odoo"


def load():
    """The module ``engine.run``, in a package that has no ``__init__`` of Odoo's."""
    if PACKAGE not in sys.modules:
        package = types.ModuleType(PACKAGE)
        package.__path__ = [str(ADDON)]
        sys.modules[PACKAGE] = package
    # a batch is small, and the planner has seen nothing of it
    importlib.import_module(f"{PACKAGE}.engine.statements").MANY = 50
    return importlib.import_module(f"{PACKAGE}.engine.run")
