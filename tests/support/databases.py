# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases of Odoo, copied with their filestore and dropped."""

import configparser
import shutil
from contextlib import closing
from pathlib import Path

import psycopg2
from psycopg2 import sql

OURS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = %s AND usename = current_user
"""


class Databases:
    """Copies of a database with its filestore, by the configuration of Odoo."""

    def __init__(self, config):
        parser = configparser.RawConfigParser()
        parser.read(config, encoding="utf-8")
        options = dict(parser["options"])
        names = {"host": "db_host", "port": "db_port", "user": "db_user"}
        names["password"] = "db_password"
        found = {name: options.get(key, "") for name, key in names.items()}
        self.login = {
            name: value
            for name, value in found.items()
            if value not in ("", "False", "None")
        }
        self.stores = Path(options["data_dir"]) / "filestore"

    def _execute(self, statement, *names, values=None):
        with closing(psycopg2.connect(dbname="postgres", **self.login)) as connection:
            connection.autocommit = True
            names = map(sql.Identifier, names)
            connection.cursor().execute(sql.SQL(statement).format(*names), values)

    def copy(self, source, target):
        self.drop(target)
        self._execute("CREATE DATABASE {} TEMPLATE {}", target, source)
        if (self.stores / source).is_dir():
            shutil.copytree(self.stores / source, self.stores / target)

    def drop(self, name):
        # not by force: our role may not end an autovacuum, which a plain drop does
        self._execute(OURS, values=[name])
        self._execute("DROP DATABASE IF EXISTS {}", name)
        shutil.rmtree(self.stores / name, ignore_errors=True)
