# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two customs managers who open the setup assistant of a company for the first time
within the same second, each in a transaction of the own."""

import json

import pytest
from support.server import shell

SCRIPT = """
import json
import threading
import time

from odoo.addons.immex_compliance.tests.ordinary_make import Ordinary
from odoo.modules.registry import Registry
from odoo.service.model import retrying

made = Ordinary(env, 1, "Dos a la Vez SA de CV").make()
company = made.company
env["immex.program"].create(
    {"company_id": company.id, "name": "7301-2018", "valid_from": "2018-08-01"})
env["immex.pedimento.file"].with_company(company)._load_m3(
    company, __import__("io").BytesIO(made.broker_file()), "m3456001.275")
users = env["res.users"].create([{
    "name": login, "login": login, "company_id": company.id,
    "company_ids": [(6, 0, company.ids)],
    "group_ids": [(4, env.ref("immex_compliance.group_manager").id)],
} for login in ("first_at_once", "second_at_once")])
env.cr.commit()
registry = Registry(env.cr.dbname)
WAITS = "SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted"


def at_once(call):
    \"\"\"What the two get of a call: the first one's transaction ends only once the
    second one waits for it.\"\"\"
    found, tries = [], []
    with registry.cursor() as one, registry.cursor() as two:
        pid = two._cnx.info.backend_pid
        first, second = (
            env(cr=cr, user=user, context={"allowed_company_ids": company.ids})
            for cr, user in zip((one, two), users.ids))
        for cr in (one, two):
            cr.execute("SELECT count(*) FROM immex_setup")  # both snapshots are taken

        def late():
            tries.append(time.monotonic())
            return call(second)

        found.append(call(first))
        first.flush_all()

        def work():
            try:
                found.append(retrying(late, second))
            except Exception as error:
                found.append(repr(error))

        thread = threading.Thread(target=work)
        thread.start()
        until = time.monotonic() + 30
        while thread.is_alive() and time.monotonic() < until:
            env.cr.execute(WAITS, [pid])
            if env.cr.fetchone()[0]:
                break
            time.sleep(0.05)
        one.commit()
        thread.join(60)
    env.cr.rollback()
    return found, len(tries)


def opened(theirs):
    return theirs["immex.setup"].action_open_company()["res_id"]


def proposed(code, model):
    def call(theirs):
        setup = theirs["immex.setup"].search([("company_id", "=", company.id)])
        action = setup._open_step(code)
        theirs.flush_all()
        return theirs[model].search_count(action["domain"])
    return call


said = {"opened": at_once(opened)}
said["parts"] = at_once(proposed("parts", "immex.setup.part"))
setup = env["immex.setup"].search([("company_id", "=", company.id)])
said["steps"] = setup.mapped(lambda one: len(one.step_ids))
env["immex.setup.part"].search([("company_id", "=", company.id)]).with_user(
    users[0]).with_company(company).action_confirm()
env.cr.commit()
said["transfers"] = at_once(proposed("transfers", "immex.setup.transfer"))
print("SAID" + json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(odoo_config, odoo_database):
    printed = shell(odoo_config, odoo_database, SCRIPT)
    [line] = [row for row in printed.splitlines() if row.startswith("SAID")]
    return json.loads(line.removeprefix("SAID"))


def test_assistant_is_one(said):
    """Both open the same assistant, and the second one sees no error."""
    (first, second), tries = said["opened"]
    assert first == second
    assert tries == 2, "the second was to meet the first one"
    assert said["steps"] == [12]


@pytest.mark.parametrize("step", ["parts", "transfers"])
def test_proposals_are_one(said, step):
    (first, second), tries = said[step]
    assert first == second > 0
    assert tries == 2
