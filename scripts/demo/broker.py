# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A broker of the demo company, its API key, and a file to deliver; see docs/broker.md.

For Odoo's shell: ``make shell DB=immex_demo < scripts/demo/broker.py``. It ends with
the lines that the script of the page wants in its environment.
"""

import os
from pathlib import Path

from odoo.addons.immex_compliance.models.broker.immex_broker_access import SCOPE
from odoo.addons.immex_compliance.tests.common import PATENT, m3_file, m3_partida

RFC, LOGIN = "ARB150612KM4", "agencia.demo"
FILE = Path("out/m3456900.301")

env = env  # noqa: F821, PLW0127  the shell gives it
company = env["res.company"].search([("vat", "=", RFC)])
brokers = env["immex.broker"]
broker = brokers.search([("user_ids.login", "=", LOGIN)])
if not broker:
    user = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Agencia (demo)",
                "login": LOGIN,
                "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
            }
        )
    )
    broker = brokers.create(
        {
            "name": "Agencia (demo)",
            "patent_ids": [(0, 0, {"name": PATENT})],
            "user_ids": [(4, user.id)],
            "appointment_ids": [
                (0, 0, {"company_id": company.id, "date_from": "2026-01-01"})
            ],
        }
    )
keys = env["res.users.apikeys"].with_user(broker.user_ids).sudo()
key = keys._generate(SCOPE, "demo", None)
FILE.parent.mkdir(exist_ok=True)
FILE.write_bytes(
    m3_file(([m3_partida()], {"document": "6009001", "rfc": RFC}), name=FILE.name)
)
env.cr.commit()
print(f"export ADDRESS=http://localhost:{os.environ.get('PORT', '8069')}")
print(f"export LOGIN={LOGIN} KEY={key} RFC={RFC} FILE={FILE}")
