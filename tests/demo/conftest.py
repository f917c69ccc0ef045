# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demo's month, run once in a database of its own, and served."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from client import Client
from support.databases import Databases

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts" / "demo"


@dataclass
class Month:
    """A finished month: where it is, what it printed and wrote."""

    config: str
    database: str
    out: Path
    printed: str

    def run(self, out):
        """Run the script on the database; return what it printed."""
        command = [sys.executable, "-W", "ignore", SCRIPTS / "month.py"]
        command += ["--config", self.config, "--database", self.database]
        done = subprocess.run(
            [*map(str, command), "--out", str(out)],
            cwd=ROOT,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
        return done.stdout

    def work(self, job):
        """Start waiting jobs as the scheduled action does; how ``job`` ended."""
        from support.server import shell

        shell(
            self.config,
            self.database,
            "env['immex.job']._cron_work(); env.cr.commit()",
        )
        state = "running"
        end = time.monotonic() + 120
        while state in ("waiting", "running") and time.monotonic() < end:
            time.sleep(0.5)
            script = f"print(env['immex.job'].browse({job}).state)"
            state = shell(self.config, self.database, script).split()[-1]
        return state

    @property
    def password(self):
        """The password of the administrator, as the summary tells it."""
        return re.search(r"^\s*admin / (\S+)", self.printed, re.M)[1]


@pytest.fixture(scope="session")
def month(odoo_config, odoo_database, tmp_path_factory):
    """The month of October, in a copy of the database: others get theirs untouched."""
    databases, name = Databases(odoo_config), f"{odoo_database}_october"
    databases.copy(odoo_database, name)
    try:
        finished = Month(odoo_config, name, tmp_path_factory.mktemp("out"), "")
        finished.printed = finished.run(finished.out)
        yield finished
    finally:
        databases.drop(name)


@pytest.fixture(scope="session")
def client(month, tmp_path_factory):
    """A client of the served database, as an integration has it."""
    from support.server import served

    log = tmp_path_factory.mktemp("log") / "odoo.log"
    with served(month.config, month.database, log) as address:
        yield Client(address, month.database, "admin", month.password)


@pytest.fixture(scope="session")
def facts(client):
    from facts import Facts

    return Facts(client)
