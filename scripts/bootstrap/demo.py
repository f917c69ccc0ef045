# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""`make demo`: the demo company's month, its reports, and Odoo to look at it."""

import hashlib
import os
import subprocess

from . import database
from .paths import CACHE, CONFIG, OUT, PYTHON, ROOT
from .shell import run, stage

DATABASE = "immex_demo"


def demo(server, serve=True):
    """Make the demo database where the sources changed, run its month, serve it."""
    state = CACHE / "demo-state"
    wanted = database.sources_digest() + _scenario_digest()
    fresh = state.exists() and state.read_text() == wanted
    if not (fresh and database.exists(server, DATABASE)):
        template = database.template(server)
        with stage(f"Database {DATABASE}"):
            state.unlink(missing_ok=True)
            database.copy(server, template, DATABASE)
    OUT.mkdir(exist_ok=True)
    run(
        [PYTHON, "-W", "ignore", ROOT / "scripts/demo/month.py"]
        + ["--config", CONFIG, "--database", DATABASE, "--out", OUT],
        "The demo's month did not come through; the message above says where.",
    )
    state.write_text(wanted)
    if serve:
        serve_database(DATABASE)


def serve_database(name):
    """Serve a database at http://localhost:8069 until interrupted."""
    port = os.environ.get("PORT", "8069")
    print(f"Odoo: http://localhost:{port}  (stop with Ctrl-C)", flush=True)
    command = database.odoo_command(
        "-c", CONFIG, "-d", name, "--http-port", port, "--db-filter", f"^{name}$"
    )
    try:
        subprocess.run([str(part) for part in command], check=False)
    except KeyboardInterrupt:
        print()


def _scenario_digest():
    digest = hashlib.sha256()
    for folder in (ROOT / "scripts" / "demo", ROOT / "data" / "demo"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()
