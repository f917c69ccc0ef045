# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The discharge, asked for from a document."""

from odoo.exceptions import AccessError


def ask_discharge(env, companies):
    """Action that asks why the discharge of ``companies`` shall run, and starts it.

    Raises ``AccessError`` for who is not a customs manager: the run writes the whole
    ledger of the company, whatever the records it was asked from.
    """
    if not env.user.has_group("immex_compliance.group_manager"):
        raise AccessError(env._("Only customs managers run the discharge."))
    return {
        "type": "ir.actions.act_window",
        "name": env._("Run the Discharge"),
        "res_model": "immex.discharge.request",
        "view_mode": "form",
        "target": "new",
        "context": {"default_company_ids": companies.ids},
    }
