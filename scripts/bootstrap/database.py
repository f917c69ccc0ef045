# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases: a template of Odoo's modules, one with the add-ons, and copies of it.

Templates are named after what they are made of, so that a change of the sources makes
a new one and an unchanged tree starts at once. Each has its filestore.
"""

import hashlib
import shutil

from . import odoo
from .paths import ADDONS, CONFIG, DATA_DIR, PYTHON, ROOT, SetupError
from .shell import locked, run, stage

HOST_MODULES = (
    "stock_account,mrp_account,mrp_subcontracting,mrp_subcontracting_account,"
    "purchase_stock,sale_stock,stock_landed_costs,l10n_mx"
)
OUR_MODULES = "immex_compliance,immex_reports,immex_broker_sftp"


def _digest(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def sources_digest():
    """Hash of everything that an installed database depends on."""
    return files_digest(ADDONS, skip={"tests"})


def files_digest(*folders, skip=()):
    """Hash of the names and contents of the files of folders, but for hidden ones."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            parts = set(path.relative_to(folder).parts)
            hidden = any(part.startswith(".") for part in parts)
            if hidden or parts & {"__pycache__", *skip} or not path.is_file():
                continue
            digest.update(str(path.relative_to(folder)).encode() + b"\0")
            digest.update(str(path.stat().st_size).encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()


def exists(server, name):
    return name in server.query("SELECT datname FROM pg_database")


def drop(server, name):
    """Drop a database of ours, whose sessions are ended, with its filestore.

    Not by force: that asks for the right to end an autovacuum which happens to be at
    work in it, and our role has none; a plain drop ends autovacuums by itself.
    """
    server.query(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        f" WHERE datname = '{name}' AND usename = current_user"
    )
    server.query(f'DROP DATABASE IF EXISTS "{name}"')
    shutil.rmtree(DATA_DIR / "filestore" / name, ignore_errors=True)


def create(server, name):
    """Make an empty database of our role."""
    drop(server, name)
    server.query(f'CREATE DATABASE "{name}"')


def copy(server, source, target):
    """Copy a database with its filestore."""
    drop(server, target)
    server.query(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    store = DATA_DIR / "filestore" / source
    if store.is_dir():
        shutil.copytree(store, DATA_DIR / "filestore" / target, dirs_exist_ok=True)


def odoo_command(*arguments):
    return [PYTHON, "-W", "ignore", "-m", "odoo", *arguments]


def install(name, modules, *options):
    """Install modules into a database, which is made where it is missing."""
    run(
        odoo_command(
            "-c", CONFIG, "-d", name, "-i", modules, "--stop-after-init", "--no-http"
        )
        + ["--log-level", "warn", *options],
        "The log above tells which module failed.",
        quiet=True,
    )


def base_template(server):
    """The template with Odoo's own modules; made once per version of Odoo."""
    name = _base_name()
    if not exists(server, name):
        with stage("Odoo's modules (one to two minutes, once)"):
            drop(server, name + "_new")
            install(name + "_new", HOST_MODULES)
            _publish(server, name + "_new", name)
    return name


def _base_name():
    return f"immex_base_{_digest(odoo.tree().version, HOST_MODULES)}"


def template_name():
    """Name of the template for the present state of the sources."""
    return f"immex_tpl_{_digest(_base_name(), requirements(), sources_digest())}"


def template(server):
    """The template with the add-ons, for the present state of the sources."""
    with locked("templates"):
        base = base_template(server)
        name = template_name()
        if not exists(server, name):
            for old in server.query("SELECT datname FROM pg_database"):
                if old.startswith("immex_tpl_"):
                    drop(server, old)
            with stage("The add-ons"):
                copy(server, base, name + "_new")
                install(name + "_new", OUR_MODULES)
                _publish(server, name + "_new", name)
        return name


def _publish(server, unfinished, name):
    """Rename at the end, so that a broken run never leaves half a template."""
    server.query(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    stores = DATA_DIR / "filestore"
    if (stores / unfinished).is_dir():
        shutil.rmtree(stores / name, ignore_errors=True)
        (stores / unfinished).rename(stores / name)


def requirements():
    return (ROOT / "requirements.txt").read_text(encoding="utf-8")


def must_exist(server, name):
    if not exists(server, name):
        raise SetupError(f"There is no database {name}. `make demo` makes immex_demo.")
