# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
#!/usr/bin/env python3
"""What the Makefile calls: every target makes what it needs, and no more."""

import argparse
import os
import shutil
import subprocess
import sys

from bootstrap import config, database, demo, odoo, postgres, testing, venv
from bootstrap.paths import ADDONS, CACHE, CONFIG, OUT, PYTHON, ROOT, VENV, SetupError
from bootstrap.shell import run, stage

HOST_TESTS = (
    "stock,stock_account,mrp,mrp_account,mrp_subcontracting,purchase_stock,sale_stock,"
    "stock_landed_costs"
)


def environment():
    """Odoo, the virtual environment, PostgreSQL and odoo.conf; return the server."""
    tree = odoo.tree()
    venv.ensure(tree)
    server = postgres.server()
    config.write(tree, server)
    return server


def make_demo(_arguments):
    demo.demo(environment(), serve=os.environ.get("SERVE", "1") != "0")


def make_test(_arguments):
    testing.run_all(environment(), os.environ.get("ARGS", ""))


def make_test_long(_arguments):
    os.environ["IMMEX_LONG"] = "1"
    testing.run_all(environment(), os.environ.get("ARGS", ""))


def make_test_host(_arguments):
    """Odoo's own tests of the modules that we build on, with our add-ons installed."""
    server = environment()
    name = "immex_test_host"
    tags = ",".join(f"/{module}" for module in HOST_TESTS.split(","))
    database.copy(server, database.template(server), name)
    try:
        with stage("Odoo's own tests (about 15 minutes)"):
            run(
                database.odoo_command("-c", CONFIG, "-d", name, "-u", HOST_TESTS)
                + ["--test-tags", os.environ.get("TAGS", tags), "--stop-after-init"]
                + ["--http-port", testing.free_port(), "--log-level", "test"],
                "A test of Odoo fails with the add-ons installed.",
            )
    finally:
        database.drop(server, name)


def make_serve(_arguments):
    server = environment()
    name = os.environ.get("DB", demo.DATABASE)
    database.must_exist(server, name)
    demo.serve_database(name)


def make_shell(_arguments):
    server = environment()
    name = os.environ.get("DB", demo.DATABASE)
    database.must_exist(server, name)
    command = database.odoo_command(
        "shell", "-c", CONFIG, "-d", name, "--no-http", "--log-level", "warn"
    )
    sys.exit(subprocess.run([str(part) for part in command], check=False).returncode)


def make_lint(_arguments):
    venv.ensure(odoo.tree())
    binaries = VENV / "bin"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    files = [name for name in listed if name and (ROOT / name).exists()]
    modules = sorted(path.parent for path in ADDONS.glob("*/__manifest__.py"))
    of_type = {
        suffix: [name for name in files if name.endswith(suffix)]
        for suffix in (".py", ".xml", ".yaml", ".po")
    }
    checks = [
        [binaries / "ruff", "check", "."],
        [binaries / "ruff", "format", "--check", "."],
        [binaries / "oca-checks-odoo-module", *modules],
        [binaries / "check-xml", *of_type[".xml"]],
        [binaries / "check-ast", *of_type[".py"]],
        [binaries / "debug-statement-hook", *of_type[".py"]],
        [binaries / "check-merge-conflict", *files],
        [binaries / "pylint", "--rcfile=.pylintrc", *modules],
    ]
    if of_type[".po"]:
        checks.insert(3, [binaries / "oca-checks-po", *of_type[".po"]])
    failed = []
    for check in checks:
        name = os.path.basename(check[0])
        print(f"-> {name}", flush=True)
        done = subprocess.run([str(part) for part in check], cwd=ROOT, check=False)
        if done.returncode:
            failed.append(name)
    if failed:
        raise SetupError(f"Failed: {', '.join(failed)}.")


def make_bench(_arguments):
    server = environment()
    for script in sorted((ROOT / "scripts" / "bench").glob("*.py")):
        if not script.name.startswith("_"):
            run(
                [PYTHON, "-W", "ignore", script],
                env={**os.environ, "IMMEX_TEST_DSN": server.dsn("postgres")},
            )


def make_clean(_arguments):
    postgres.stop()
    for path in (CACHE, VENV, OUT, postgres.postgres_dir()):
        shutil.rmtree(path, ignore_errors=True)


TARGETS = {
    "demo": make_demo,
    "test": make_test,
    "test-long": make_test_long,
    "test-host": make_test_host,
    "serve": make_serve,
    "shell": make_shell,
    "lint": make_lint,
    "bench": make_bench,
    "clean": make_clean,
    "env": lambda _arguments: environment(),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    arguments = parser.parse_args()
    os.chdir(ROOT)
    try:
        TARGETS[arguments.target](arguments)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
