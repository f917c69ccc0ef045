# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company on the day before it begins with IMMEX, served with its scheduled work."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from support.databases import Databases
from support.server import served, shell

HERE = Path(__file__).parent
SCRIPTS = HERE.parents[1] / "scripts" / "demo"


@dataclass
class Plant:
    """Where it is served, and what waits in it: ids of ordinary records."""

    address: str
    receipt: int
    order: int
    delivery: int


@pytest.fixture(scope="module")
def plant(odoo_config, odoo_database, tmp_path_factory):
    databases, name = Databases(odoo_config), f"{odoo_database}_flow"
    databases.copy(odoo_database, name)
    log = tmp_path_factory.mktemp("flow") / "odoo.log"
    try:
        settings = f"SCRIPTS = {str(SCRIPTS)!r}\nLANG = 'en_US'\n"
        script = (HERE / "prepare.py").read_text(encoding="utf-8")
        printed = shell(odoo_config, name, settings + _whole(script))
        (line,) = [row for row in printed.splitlines() if row.startswith("FLOW")]
        receipt, order, delivery = map(int, line.split()[1:4])
        crons = ("--max-cron-threads", "1")
        with served(odoo_config, name, log, *crons) as address:
            yield Plant(address, receipt, order, delivery)
    finally:
        databases.drop(name)


def _whole(script):
    """The shell reads its input line by line: as one statement it is read whole."""
    return f"exec(compile({script!r}, 'prepare.py', 'exec'))\n"
