# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""`make test`: pure tests, tests through Odoo (pytest-odoo and Odoo's own runner), and
tests of the whole, each on its own copy of the template."""

import os
import shlex
import socket

from . import chromium, database
from .paths import ADDONS, CONFIG, PYTHON, ROOT, SetupError
from .shell import stage
from .suite import Suite, odoo_judge, pytest_judge, run_suites

PURE = (
    "addons/immex_compliance/tests/pure",
    "addons/immex_reports/tests/pure",
    "addons/immex_broker_sftp/tests/pure",
    "tests/bootstrap",
    "tests/fuzz",
)
WHOLE = "tests"
WITHOUT_ODOO = ("-p", "no:odoo", "-p", "no:cacheprovider", "--import-mode=prepend")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(server, browser, scratch="postgres"):
    """Environment of the test processes; ``scratch`` is an empty database of theirs."""
    result = {
        **os.environ,
        **server.environment(),
        "IMMEX_TEST_DSN": server.dsn(scratch),
        "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", "ignore"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if browser:
        result["CHROME_BIN"] = browser
    return result


def _pytest(*arguments):
    return [PYTHON, "-m", "pytest", "-q", *arguments]


def run_all(server, arguments=""):
    """Run every test; raise SetupError when one fails."""
    browser = chromium.ensure()
    template = database.template(server)
    prefix = f"immex_test_{os.getpid()}_"
    names = [prefix + part for part in ("pytest", "odoo", "whole")]
    scratch = prefix + "pure"
    try:
        with stage("Copies of the template"):
            for name in names:
                database.copy(server, template, name)
            database.create(server, scratch)
        variables = environment(server, browser, scratch)
        suites = _suites(variables, names, shlex.split(arguments))
        failed = run_suites(suites)
    finally:
        for name in (*names, scratch):
            database.drop(server, name)
    if failed:
        told = "\n".join(f"  {suite.name}: {suite.complaint}" for suite in failed)
        raise SetupError(f"Tests failed:\n{told}")
    print("All tests passed.", flush=True)


def _suites(variables, names, extra):
    judge = pytest_judge(may_be_empty=bool(extra))
    # all but the pure tests, which lie deeper; pytest-odoo wants an installed database
    through_odoo = sorted(ADDONS.glob("*/tests/test_*.py"))
    suites = [
        Suite(
            "pytest-odoo",
            _pytest("-p", "no:cacheprovider", f"--odoo-config={CONFIG}")
            + [f"--odoo-database={names[0]}", "--odoo-http", *through_odoo, *extra],
            variables,
            judge,
        ),
        Suite("Odoo's runner", _runner(names[1]), variables, odoo_judge),
    ]
    # the longest that is left first: the pure ones run beside it
    whole = {**variables, "IMMEX_DATABASE": names[2], "IMMEX_CONFIG": str(CONFIG)}
    command = _pytest(*WITHOUT_ODOO, f"--confcutdir={ROOT / WHOLE}", WHOLE)
    command += [f"--ignore={path}" for path in PURE]
    suites.append(Suite(WHOLE, command + extra, whole, judge))
    # One process a tree: above them lie the add-ons' own packages, which must not be
    # imported, and pytest-odoo would want a database.
    for path in PURE:
        if (ROOT / path).exists():
            command = _pytest(*WITHOUT_ODOO, f"--confcutdir={ROOT / path}", path)
            name = path.removeprefix("addons/").removesuffix("/pure")
            suites.append(Suite(name, command + extra, variables, judge))
    return suites


def _runner(name):
    first = database.OUR_MODULES.split(",")[0]
    tags = ",".join(f"/{module}" for module in database.OUR_MODULES.split(","))
    return database.odoo_command("-c", CONFIG, "-d", name, "-u", first) + [
        "--test-tags",
        tags,
        "--stop-after-init",
        "--http-port",
        free_port(),
        "--log-level",
        "error",
        "--log-handler",
        "odoo.tests.result:INFO",
        "--log-handler",
        "py.warnings:ERROR",
    ]


def run_host(server, modules, tags):
    """Odoo's own tests of the modules that we build on, with our add-ons installed.

    On an empty database, as Odoo runs them itself: updating a full one instead fails
    tests that are run while the modules above theirs are in the tables but not loaded.
    """
    name = "immex_test_host"
    variables = environment(server, chromium.ensure())
    wanted = tags or ",".join(f"/{module}" for module in modules.split(","))
    everything = f"{modules},{database.HOST_MODULES},{database.OUR_MODULES}"
    command = database.odoo_command("-c", CONFIG, "-d", name, "-i", everything)
    suite = Suite(
        "Odoo's own tests",
        command
        + ["--test-tags", wanted, "--stop-after-init", "--http-port", free_port()]
        + ["--log-level", "test"],
        variables,
        odoo_judge,
    )
    try:
        database.create(server, name)
        run_suites([suite])
    finally:
        database.drop(server, name)
    if suite.complaint:
        raise SetupError(f"With the add-ons installed, Odoo's tests: {suite.complaint}")
