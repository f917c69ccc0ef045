# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""`make demo`: the demo company's month, its reports, and Odoo to look at it."""

import os
import socket
import subprocess

from . import database
from .paths import CACHE, CONFIG, OUT, PYTHON, ROOT, SetupError
from .shell import locked, run, stage

DATABASE = "immex_demo"
SCENARIO = (ROOT / "scripts" / "demo", ROOT / "data" / "demo")


def demo(server, serve=True):
    """Make the demo database where the sources changed, run its month, serve it."""
    with locked("demo"):
        _month(server)
    if serve:
        serve_database(DATABASE)


def _month(server):
    state = CACHE / "demo-state"
    wanted = database.template_name() + database.files_digest(*SCENARIO)
    fresh = state.exists() and state.read_text() == wanted
    if not (fresh and database.exists(server, DATABASE)):
        template = database.template(server)
        with stage(f"Database {DATABASE} with the add-ons"):
            state.unlink(missing_ok=True)
            database.copy(server, template, DATABASE)
    OUT.mkdir(exist_ok=True)
    with stage("The month of the demo company, discharge, reports"):
        run(
            [PYTHON, "-W", "ignore", ROOT / "scripts/demo/month.py"]
            + ["--config", CONFIG, "--database", DATABASE, "--out", OUT],
            "The demo's month did not come through; the message above says where.",
        )
    state.write_text(wanted)


def serve_database(name):
    """Serve a database at http://localhost:8069 until interrupted."""
    port = os.environ.get("PORT", "8069")
    check_port(port)
    print(f"-> Odoo at http://localhost:{port} (stop with Ctrl-C)", flush=True)
    if name == DATABASE:
        print("   logins and passwords: in the summary of make demo", flush=True)
    command = database.odoo_command(
        "-c", CONFIG, "-d", name, "--http-port", port, "--db-filter", f"^{name}$"
    )
    try:
        done = subprocess.run([str(part) for part in command], check=False)
    except KeyboardInterrupt:
        print()
        return
    if done.returncode > 0:
        raise SetupError(f"Odoo ended with {done.returncode}; the log is above.")


def check_port(port):
    """Refuse a port that something else listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except (OSError, ValueError, OverflowError) as error:
            raise SetupError(
                f"Port {port} cannot be had ({error}): set PORT to a free one."
            ) from error
