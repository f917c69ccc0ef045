# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Write ``schemas/<code>.xsd`` from the definitions: ``python tools/make_schemas.py``.

Needs lxml and no Odoo. A test fails where a definition changed and its schema did not.
"""

import importlib
import sys
import types
from pathlib import Path

ADDON = Path(__file__).resolve().parents[1]


def load():
    """Return the modules ``definitions`` and ``renderers`` of the add-on, without
    running its own ``__init__``, which needs Odoo."""
    name = "immex_reports"
    if name not in sys.modules:
        package = types.ModuleType(name)
        package.__path__ = [str(ADDON)]
        sys.modules[name] = package
    return (
        importlib.import_module(f"{name}.definitions"),
        importlib.import_module(f"{name}.renderers"),
    )


def main():
    definitions, renderers = load()
    folder = ADDON / "schemas"
    folder.mkdir(exist_ok=True)
    for code, report in definitions.REPORTS.items():
        path = folder / f"{code}.xsd"
        path.write_bytes(renderers.schema(report))
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
