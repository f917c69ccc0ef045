# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Several people ask for large reports at once: whoever opens a page does not wait."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from support.server import served, shell

PEOPLE = 8
ROWS = 12_000
LOOKS = 10
PATIENCE = 5.0  # seconds for a page, on a busy machine of two cores
SETUP = """
import json
company = env["res.company"].create({
    "name": "Reports at Once", "country_id": env.ref("base.mx").id,
    "vat": "ADN150203AB1"})
env["immex.program"].create(
    {"company_id": company.id, "name": "1234-2019", "valid_from": "2019-01-01"})
user = env["res.users"].create({
    "name": "Reader", "login": "report_reader", "password": "reader_password",
    "company_id": company.id, "company_ids": [(6, 0, company.ids)],
    "group_ids": [(4, env.ref("immex_compliance.group_user").id)]})
model = env["immex.pedimento"]
first = model.with_company(company).create({
    "company_id": company.id, "year": 2026, "office": "24", "office_section": "240",
    "patente": "3456", "document": "6000000", "operation_type": "1",
    "key_id": env["immex.pedimento.key"].search([("code", "=", "IN")]).id,
    "payment_date": "2026-10-05", "entry_date": "2026-10-04"})
env.flush_all()
env.cr.execute('''
    SELECT column_name FROM information_schema.columns
     WHERE table_name = 'immex_pedimento'
       AND column_name NOT IN ('id', 'document', 'number', 'number15', 'root_id')''')
names = ", ".join('"' + name + '"' for [name] in env.cr.fetchall())
env.cr.execute(f'''
    INSERT INTO immex_pedimento (document, number, number15, {names})
    SELECT lpad((6000000 + n)::text, 7, '0'), '26  24  3456  ' || (6000000 + n),
           '26243456' || (6000000 + n), {names}
      FROM immex_pedimento, generate_series(1, ROWS) n WHERE id = %s''', [first.id])
env.cr.execute("ANALYZE immex_pedimento")
runs = [env["immex.report.run"].with_user(user).create({
    "company_id": company.id, "code": "registro", "date_from": "2026-10-01",
    "date_to": "2026-10-31"}).id for _person in range(PEOPLE)]
env.cr.commit()
print("MADE" + json.dumps(runs))
"""


@pytest.fixture
def runs(odoo_config, odoo_database):
    script = SETUP.replace("PEOPLE", str(PEOPLE)).replace("ROWS", str(ROWS))
    printed = shell(odoo_config, odoo_database, script)
    [line] = [row for row in printed.splitlines() if row.startswith("MADE")]
    return json.loads(line.removeprefix("MADE"))


def call(session, address, route, **params):
    answer = session.post(
        f"{address}{route}",
        json={"jsonrpc": "2.0", "method": "call", "params": params},
        timeout=120,
    ).json()
    assert "error" not in answer, answer["error"]["data"]["debug"][-2000:]
    return answer["result"]


def test_a_page_opens_while_all_ask(odoo_config, odoo_database, runs, tmp_path):
    log = tmp_path / "odoo.log"
    with served(odoo_config, odoo_database, log, "--workers", "2") as address:
        session = requests.Session()
        call(
            session,
            address,
            "/web/session/authenticate",
            db=odoo_database,
            login="report_reader",
            password="reader_password",
        )
        pages = []

        def press(number):
            browser = requests.Session()
            browser.cookies.update(session.cookies)
            return call(
                browser,
                address,
                "/web/dataset/call_kw/immex.report.run/action_xlsx",
                model="immex.report.run",
                method="action_xlsx",
                args=[[runs[number]]],
                kwargs={},
            )

        def look(visitor):
            begin = time.monotonic()
            answer = visitor.get(f"{address}/web/login", timeout=120)
            assert answer.status_code == 200
            return time.monotonic() - begin

        with ThreadPoolExecutor(PEOPLE) as pool:
            visitor = requests.Session()
            look(visitor)  # the first visitor of a server waits for its templates
            asked = [pool.submit(press, number) for number in range(PEOPLE)]
            while len(pages) < LOOKS or not all(one.done() for one in asked):
                pages.append(look(visitor))
            actions = [one.result() for one in asked]
        # each is work in the background, one for each person
        assert {action["res_model"] for action in actions} == {"immex.job"}
        assert len({action["res_id"] for action in actions}) == PEOPLE
        assert max(pages) < PATIENCE, sorted(pages)
        # nobody makes them now
        jobs = [action["res_id"] for action in actions]
        route = "/web/dataset/call_kw/immex.job/action_cancel"
        target = {"model": "immex.job", "method": "action_cancel"}
        assert call(session, address, route, **target, args=[jobs], kwargs={})
