# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The discharge, asked for from a document."""

from odoo.exceptions import AccessError


def run_discharge(env, companies, reason):
    """Run the discharge of each company and return the action that shows the runs.

    Raises ``AccessError`` for who is not a customs manager: the run writes the whole
    ledger of the company, whatever the records it was asked from.
    """
    if not env.user.has_group("immex_compliance.group_manager"):
        raise AccessError(env._("Only customs managers run the discharge."))
    runs = env["immex.discharge.run"]
    for company in companies.sorted("id"):
        runs += runs._run_company(company, reason)
    action = {
        "type": "ir.actions.act_window",
        "name": env._("Discharge"),
        "res_model": "immex.discharge.run",
    }
    if len(runs) == 1:
        return action | {"view_mode": "form", "res_id": runs.id}
    return action | {"view_mode": "list,form", "domain": [("id", "in", runs.ids)]}
