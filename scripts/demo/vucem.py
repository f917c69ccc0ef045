# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A pedimento of the demo company fetched from the test peer; see docs/vucem.md.

For Odoo's shell: ``make shell DB=immex_demo < scripts/demo/vucem.py``. PEER and KEY
name the peer, as it was started.
"""

import os

env = env  # noqa: F821, PLW0127  the shell gives it
company = env["res.company"].search([("vat", "=", "ARB150612KM4")])
env = env(context=dict(env.context, allowed_company_ids=company.ids))
access = env["immex.vucem.access"].search([("company_id", "=", company.id)])
access = access or access.create({"company_id": company.id, "rfc": company.vat})
access.write(
    {
        "address": os.environ.get("PEER", "http://127.0.0.1:8099"),
        "service_key": os.environ.get("KEY", "secret"),
    }
)
office = env["immex.customs.office"].search([("code", "=", "240")], limit=1)
ask = env["immex.vucem.ask"].create(
    {
        "company_id": company.id,
        "number": "26 24 3456 6000003",
        "office_id": office.id,
    }
)
fetch = env["immex.vucem.fetch"].browse(ask.action_fetch()["res_id"])
env.cr.commit()
# what the scheduled action does every five minutes: first the whole, then its partidas
for _round in range(3):
    env["immex.exchange"]._cron_send()
fetch.invalidate_recordset()
print(fetch.display_name, fetch.state, fetch.reason or "")
print("exchanges:", env["immex.exchange"].search_count([("res_id", "=", fetch.id)]))
for partida in fetch.pedimento_id.partida_ids:
    print(partida.sequence, partida.fraccion, partida.description)
print(fetch.customs_state)
