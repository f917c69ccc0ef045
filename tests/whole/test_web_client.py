# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The web client with the add-ons: every action of our menus opens in a browser."""

import json

import pytest
from support.browser import browser_page, log_in
from support.server import served, shell

ACTIONS = """
import json
menus = env["ir.ui.menu"].search([])
found = {}
for menu in menus:
    if (menu.get_external_id()[menu.id] or "").startswith("immex_") and menu.action:
        if menu.action._name == "ir.actions.act_window":
            found[menu.action.id] = menu.complete_name
print("ACTIONS" + json.dumps(sorted(found.items())))
"""
GROUPS = """
names = ["immex_compliance.group_manager", "immex_compliance.group_administrator"]
groups = [env.ref(name) for name in names]
admin = env.ref("base.user_admin")
admin.write({"group_ids": [(4, group.id) for group in groups]})
env.cr.commit()
"""


@pytest.fixture(scope="module")
def actions(odoo_config, odoo_database):
    printed = shell(odoo_config, odoo_database, GROUPS + ACTIONS)
    (line,) = [row for row in printed.splitlines() if row.startswith("ACTIONS")]
    return json.loads(line.removeprefix("ACTIONS"))


def test_every_menu_opens(chromium, odoo_config, odoo_database, actions, tmp_path):
    """No view fails to load or render, and the browser's console stays clean."""
    assert actions, "the add-ons have menus"
    complaints = []
    with (
        served(odoo_config, odoo_database, tmp_path / "odoo.log") as address,
        browser_page(address) as page,
    ):
        page.on("pageerror", lambda error: complaints.append(str(error)))
        log_in(page)
        for number, name in actions:
            page.goto(f"/odoo/action-{number}")
            page.wait_for_selector(".o_view_controller, .o_dialog .o_form_view")
            shown = page.locator(".o_error_dialog, .o_notification_bar.bg-danger")
            if shown.count():
                complaints.append(f"{name}: {shown.first.inner_text()}")
    log = (tmp_path / "odoo.log").read_text()
    assert not complaints, "\n".join(complaints)
    assert "Traceback" not in log, log[-4000:]
