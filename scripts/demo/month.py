#!/usr/bin/env python3
# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run the demo company's month in a database, write its reports, print a summary.

    python scripts/demo/month.py --config odoo.conf --database immex_demo --out out

A month that ran already is not run again: reports and summary are made anew.
"""

import argparse
import sys
import time
from pathlib import Path

import odoo.init

import october
from cases import Cases
from company import AUTHORITY, PASSWORD, USERS, Company
from events import Events
from summary import summary

ROOT = Path(__file__).resolve().parent.parent.parent
MARKER, CASES = "immex_compliance.demo_month", "immex_compliance.demo_cases"


def show(text):
    print(f"   {text}", flush=True)


def environment(config_file, database):
    """Registry and environment of an installed database, as the administrator."""
    from odoo import api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(
        ["-c", config_file, "-d", database, "--no-http", "--log-level", "error"]
    )
    registry = Registry(database)
    cr = registry.cursor()
    uid = api.Environment(cr, 1, {}).ref("base.user_admin").id
    context = {"tz": "America/Monterrey", "tracking_disable": True}
    return api.Environment(cr, uid, context)


def run_month(env, files):
    start = time.monotonic()
    show(f"Odoo {odoo.release.version}")
    print("-> The demo company", flush=True)
    env = env(su=True)
    company = Company(env).make()
    print("-> October 2026", flush=True)
    Events(env, company, files).run(show)
    env["ir.config_parameter"].set_param(MARKER, "done")
    env.cr.commit()
    print(f"   done in {time.monotonic() - start:.1f} s", flush=True)


def discharge(env):
    """Run the discharge here and now, with the code of the background work."""
    start = time.monotonic()
    print("-> The discharge", flush=True)
    env.cr.commit()  # the run sees what is committed
    runs = env["immex.discharge.run"]
    run = runs._run_company(env.ref("base.main_company"), "Demo")
    env.cr.commit()
    print(f"   done in {time.monotonic() - start:.1f} s", flush=True)
    return run


def cases(env):
    """The company of the cases: each must leave what it says."""
    start = time.monotonic()
    print("-> A case of every movement, in a company of its own", flush=True)
    told = Cases(env(su=True)).tell()
    told.run("Casos")
    wrong = [f"{row[0]} {row[1]}: {row[3]}" for row in told.compare() if row[3]]
    if wrong:
        raise AssertionError("\n".join(wrong))
    env["ir.config_parameter"].set_param(CASES, len(told.expected))
    env.cr.commit()
    text = f"{len(told.expected)} cases, each with the balance that it must leave"
    show(f"{text}, in {time.monotonic() - start:.1f} s")


def reports(env, out):
    from odoo.addons.immex_reports.definitions import REPORTS

    print("-> The reports", flush=True)
    out.mkdir(parents=True, exist_ok=True)
    written = []
    company = env.ref("base.main_company")
    for code in REPORTS:
        params = {"date_from": october.day(1), "date_to": october.day(31)}
        written += env["immex.report.run"]._export(company, code, params, out)
    env.cr.commit()
    return written


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--out", type=Path, default=ROOT / "out")
    parser.add_argument("--files", type=Path, default=ROOT / "data" / "demo")
    arguments = parser.parse_args()
    env = environment(arguments.config, arguments.database)
    try:
        if env["ir.config_parameter"].sudo().get_param(MARKER):
            show("The month ran before in this database.")
        else:
            run_month(env, arguments.files)
        run = discharge(env)
        if not env["ir.config_parameter"].sudo().get_param(CASES):
            cases(env)
        written = reports(env, arguments.out)
        print(
            summary(env, run, written, (AUTHORITY[0], *(u[0] for u in USERS)), PASSWORD)
        )
    finally:
        env.cr.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
