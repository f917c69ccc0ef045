# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A COVE of the demo company registered at the test peer; see docs/cove.md.

For Odoo's shell: ``make shell DB=immex_demo < scripts/demo/cove.py``. The e.firma is
made here and worth nothing. PEER, RFC and KEY: the peer, as it was started.
"""

import base64
import os

from odoo.addons.immex_compliance.tests import efirma_make

env = env  # noqa: F821, PLW0127  the shell gives it
rfc = os.environ.get("RFC", "ARB150612KM4")
company = env["res.company"].search([("vat", "=", rfc)], limit=1)
env = env(context=dict(env.context, allowed_company_ids=company.ids))
company = company.with_env(env)

if not env["immex.efirma"].search([("company_id", "=", company.id)]):
    env["immex.efirma"].create(
        {
            "company_id": company.id,
            "certificate": base64.b64encode(efirma_make.certificate(rfc)),
            "private_key": base64.b64encode(efirma_make.key_file()),
            "passphrase": efirma_make.PASSPHRASE,
        }
    )
access = env["immex.vucem.access"].search([("company_id", "=", company.id)])
access = access or access.create({"company_id": company.id, "rfc": rfc})
access.write(
    {
        "address": os.environ.get("PEER", "http://127.0.0.1:8765"),
        "service_key": os.environ.get("KEY", "secret"),
    }
)
own = company.partner_id
if not own.street:
    own.write({"street": "AV. TECNOLÓGICO 100", "country_id": env.ref("base.mx").id})
buyer = env["res.partner"].create(
    {
        "name": "ACME WIRING SYSTEMS INC",
        "vat": "06-0858386",
        "is_company": True,
        "street": "1 MAIN ST",
        "city": "LAREDO",
        "country_id": env.ref("base.us").id,
    }
)
cove = env["immex.cove"].create(
    {
        "company_id": company.id,
        "operation_type": "TOCE.EXP",
        "number": "F-100",
        "issuer_id": own.id,
        "recipient_id": buyer.id,
        "email": "customs@example.com",
        "patents": "3456",
        "currency_id": env.ref("base.USD").id,
        "line_ids": [
            (
                0,
                0,
                {
                    "description": "ARNES ELECTRICO",
                    "unit_code": "C62_1",
                    "quantity": 50,
                    "total": 1250,
                },
            )
        ],
    }
)
cove.action_send()
print("signed:", cove.original_string)
for turn in range(3):
    env.cr.commit()
    env["immex.exchange"]._cron_send()
    print(f"{turn}: {cove.state}", cove.operation_number or "", cove.edocument or "")
    if cove.state == "sent":
        cove.next_query = "2026-01-01"
        env["immex.cove"]._cron_query()
env.cr.commit()
