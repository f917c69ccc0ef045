# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""`make test`: pure tests, tests through Odoo (pytest-odoo and Odoo's own runner), and
tests of the whole, each on its own copy of the template."""

import os
import shlex
import socket
import subprocess
import threading
import time

from . import chromium, database
from .paths import ADDONS, CONFIG, PYTHON, ROOT, SetupError
from .shell import stage

PURE = [
    "addons/immex_compliance/tests/pure",
    "addons/immex_reports/tests/pure",
    "tests/bootstrap",
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(server, browser):
    environment = {**os.environ, "IMMEX_TEST_DSN": server.dsn("postgres")}
    environment.setdefault("PYTHONWARNINGS", "ignore")
    if browser:
        environment["CHROME_BIN"] = browser
        environment["CHROMIUM"] = browser
    return environment


def _pytest(paths, *options):
    return [str(PYTHON), "-m", "pytest", "-q", *options, *map(str, paths)]


def _pure_tests(*options):
    """One process a tree: above them lie the add-ons' own packages, which must not be
    imported, and pytest-odoo, which wants a database."""
    commands = []
    for path in PURE:
        if (ROOT / path).exists():
            separate = ["-p", "no:odoo", "-p", "no:cacheprovider"]
            separate += ["--import-mode=prepend", f"--confcutdir={ROOT / path}"]
            commands.append(shlex.join(_pytest([path], *separate, *options)))
    return ["sh", "-c", " && ".join(commands)]


def _odoo_tests():
    """Test files that need Odoo: all but the pure ones."""
    return sorted(ADDONS.glob("*/tests/test_*.py"))


class Suite:
    """A process whose output is shown at once when it ends, so that two can run."""

    def __init__(self, name, command, environment):
        self.name, self.command, self.environment = name, command, environment
        self.code, self.output, self.seconds = None, "", 0.0
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        start = time.monotonic()
        done = subprocess.run(
            self.command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        self.code, self.output = done.returncode, done.stdout
        self.seconds = time.monotonic() - start

    def show(self):
        self.thread.join()
        lines = self.output.splitlines()
        print(f"== {self.name}: {self.seconds:.0f} s", flush=True)
        print("\n".join(lines if self.code else lines[-4:]), flush=True)


def run_all(server, arguments=""):
    """Run every test; raise SetupError when one fails."""
    browser = chromium.ensure()
    extra = shlex.split(arguments)
    environment = _environment(server, browser)
    template = database.template(server)
    names = [f"immex_test_{os.getpid()}_{part}" for part in ("pytest", "odoo", "demo")]
    try:
        with stage("Copies of the template"):
            for name in names:
                database.copy(server, template, name)
        suites = _suites(server, names, extra, environment)
        failed = []
        # two at a time: the machine's cores, and one browser each at the most
        for pair in (suites[:2], suites[2:]):
            for suite in pair:
                print(f"-> {suite.name}", flush=True)
                suite.thread.start()
            for suite in pair:
                suite.show()
                if suite.code:
                    failed.append(suite.name)
    finally:
        for name in names:
            database.drop(server, name)
    if failed:
        raise SetupError(f"Failed: {', '.join(failed)}.")
    print("All tests passed.", flush=True)


def _suites(server, names, extra, environment):
    pytest_odoo = [
        "-p",
        "no:cacheprovider",
        f"--odoo-config={CONFIG}",
        f"--odoo-database={names[0]}",
        "--odoo-http",
    ]
    runner = database.odoo_command(
        "-c", CONFIG, "-d", names[1], "-u", database.OUR_MODULES.split(",")[0]
    ) + [
        "--test-tags",
        ",".join("/" + name for name in database.OUR_MODULES.split(",")),
        "--stop-after-init",
        "--log-level",
        "warn",
        "--http-port",
        str(free_port()),
    ]
    demo_environment = {
        **environment,
        "IMMEX_DATABASE": names[2],
        "IMMEX_CONFIG": str(CONFIG),
    }
    port_environment = {**environment, "ODOO_HTTP_PORT": str(free_port())}
    return [
        Suite("pure tests", _pure_tests(*extra), environment),
        Suite(
            "pytest-odoo",
            _pytest(_odoo_tests(), *pytest_odoo, *extra),
            port_environment,
        ),
        Suite("Odoo's runner", [str(part) for part in runner], environment),
        Suite(
            "the whole",
            _pytest(["tests"], "--ignore=tests/bootstrap", *extra),
            demo_environment,
        ),
    ]
