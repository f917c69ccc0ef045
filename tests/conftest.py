# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tests of the whole, on a copy of the template database that `make test` makes."""

import os

import pytest


@pytest.fixture(scope="session")
def odoo_config():
    """Path of odoo.conf."""
    path = os.environ.get("IMMEX_CONFIG")
    if not path:
        pytest.skip("make test names the configuration and the database")
    return path


@pytest.fixture(scope="session")
def odoo_database(odoo_config):
    """Name of a database with both add-ons, for these tests alone."""
    return os.environ["IMMEX_DATABASE"]


@pytest.fixture(scope="session")
def chromium():
    """Path of the browser: without one, skipped, but a failure under CI=true."""
    from support.browser import executable

    path = executable()
    if not path:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium under CI=true")
        pytest.skip("no Chromium")
    return path
