#!/usr/bin/env python3
# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the Makefile calls: every target makes what it needs, and no more."""

import argparse
import os
import shutil
import subprocess
import sys

from bootstrap import (
    chromium,
    config,
    database,
    demo,
    fuzz,
    lint,
    odoo,
    postgres,
    testing,
    venv,
)
from bootstrap.paths import CACHE, CONFIG, OUT, PYTHON, ROOT, VENV, SetupError
from bootstrap.shell import locked, run

HOST_TESTS = (
    "stock,stock_account,mrp,mrp_account,mrp_subcontracting,purchase_stock,sale_stock,"
    "stock_landed_costs"
)


def environment():
    """Odoo, the virtual environment, PostgreSQL and odoo.conf; return the server."""
    with locked():
        tree = odoo.tree()
        venv.ensure(tree)
        server = postgres.server()
        config.write(tree, server)
    return server


def make_demo():
    serve = os.environ.get("SERVE", "1") != "0"
    if serve:
        demo.check_port(os.environ.get("PORT", "8069"))
    demo.demo(environment(), serve)


def make_test():
    testing.run_all(environment(), os.environ.get("ARGS", ""))


def make_test_long():
    os.environ["IMMEX_LONG"] = "1"
    make_test()


def make_fuzz():
    with locked():
        venv.ensure(odoo.tree())
    fuzz.run_all(os.environ.get("CODEC", ""), os.environ.get("FUZZ_SECONDS", "60"))


def make_test_host():
    testing.run_host(environment(), HOST_TESTS, os.environ.get("TAGS", ""))


def make_serve():
    server = environment()
    name = os.environ.get("DB", demo.DATABASE)
    database.must_exist(server, name)
    demo.serve_database(name)


def make_shell():
    server = environment()
    name = os.environ.get("DB", demo.DATABASE)
    database.must_exist(server, name)
    command = database.odoo_command(
        *("shell", "-c", CONFIG, "-d", name, "--no-http", "--log-level", "warn"),
        # of the libraries that Odoo loads: no news to who runs a script here
        *("--log-handler", "py.warnings:ERROR"),
    )
    sys.exit(subprocess.run([str(part) for part in command], check=False).returncode)


def make_screens():
    server = environment()
    demo.demo(server, serve=False)
    run(
        [PYTHON, "-W", "ignore", ROOT / "scripts/demo/screens.py"]
        + ["--config", CONFIG, "--database", demo.DATABASE]
        + ["--only", os.environ.get("ONLY", "")],
        "Some screens complained; the messages above say which.",
        env={**os.environ, **server.environment(), "CHROME_BIN": chromium.ensure()},
    )


def make_lint():
    with locked():
        venv.ensure(odoo.tree())
    lint.run_all()


def make_bench():
    server = environment()
    name = "immex_bench"
    variables = {
        **os.environ,
        **server.environment(),
        "IMMEX_TEST_DSN": server.dsn(name),
        "IMMEX_CONFIG": str(CONFIG),
        "IMMEX_BENCH_TEMPLATE": database.template(server),
        "IMMEX_BENCH_BASE": database.base_template(server),
    }
    database.create(server, name)
    try:
        for script in sorted((ROOT / "scripts" / "bench").glob("[a-z]*.py")):
            print(f"-> {script.relative_to(ROOT)}", flush=True)
            run([PYTHON, "-W", "ignore", script], env=variables)
    finally:
        database.drop(server, name)


def make_clean():
    postgres.stop()
    directory = postgres.postgres_dir()
    programs = directory.with_name(directory.name + "-programs")
    for path in (directory, programs, CACHE, VENV, OUT):
        shutil.rmtree(path, ignore_errors=True)


TARGETS = {
    "demo": make_demo,
    "test": make_test,
    "test-long": make_test_long,
    "fuzz": make_fuzz,
    "test-host": make_test_host,
    "serve": make_serve,
    "shell": make_shell,
    "lint": make_lint,
    "screens": make_screens,
    "bench": make_bench,
    "clean": make_clean,
    "env": environment,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    target = parser.parse_args().target
    os.chdir(ROOT)
    try:
        if target != "clean":
            venv.check_python()
        TARGETS[target]()
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
