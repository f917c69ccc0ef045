# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The home page in a browser, over the demo's month."""

import re

from support.browser import browser_page, log_in
from support.server import served, shell

# what the cards say, and how many records their actions find
FIGURES = """
import json
reader = env["res.users"].search([("login", "=", "consulta")])
home = env["immex.home"].with_user(reader).with_company(reader.company_id)
figures = home.with_context(allowed_company_ids=reader.company_id.ids).figures()
cards = {c["key"]: c["count"] for part in figures["sections"] for c in part["cards"]}
print("CARDS" + json.dumps(cards))
"""


def card(page, key):
    return page.locator(f".o_immex_home_card[data-key={key}]")


def test_figures_open_what_they_count(chromium, month, tmp_path):
    """The app opens with the figures; a click and the keyboard open their records; a
    server that fails is told, and asked again."""
    printed = shell(month.config, month.database, FIGURES)
    found = re.search(r'CARDS.*"findings": (\d+)', printed)
    count = int(found[1])
    assert count, "the month leaves findings open"
    complaints = []
    with (
        served(month.config, month.database, tmp_path / "odoo.log") as address,
        browser_page(address, viewport={"width": 1366, "height": 768}) as page,
    ):
        page.on("pageerror", lambda error: complaints.append(str(error)))
        log_in(page, "admin", month.password)
        page.goto("/odoo/immex")
        card(page, "findings").wait_for()
        assert page.locator(".o_immex_home_card").count() == 9
        page.locator(".o_immex_home_chart canvas").first.wait_for()
        assert page.locator(".o_immex_home_chart").count() == 3
        # nothing is beside the page at this size
        assert page.evaluate("document.body.scrollWidth") <= 1366

        value = card(page, "findings").locator(".o_immex_home_value").inner_text()
        assert value == str(count)
        card(page, "findings").click()
        page.wait_for_selector(".o_list_view .o_group_header, .o_list_view .o_data_row")
        facets = page.locator(".o_facet_values").all_inner_texts()
        assert facets, "grouped by severity and kind"
        while page.locator(".o_group_header:not(.o_group_open)").count():
            page.locator(".o_group_header:not(.o_group_open)").first.click()
            page.wait_for_timeout(300)
        assert page.locator(".o_list_view .o_data_row").count() == count
        page.locator(".o_breadcrumb a, .o_back_button").first.click()

        # by keyboard: a figure, then a month as a row of the table
        card(page, "run").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".o_form_view")
        page.locator(".o_breadcrumb a, .o_back_button").first.click()
        chart = page.locator(".o_immex_home_chart[data-key=flow]")
        chart.get_by_role("button", name="Show Table").focus()
        page.keyboard.press("Enter")
        chart.locator("tbody button").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".o_list_view .o_data_row")
        page.locator(".o_breadcrumb a, .o_back_button").first.click()
        card(page, "findings").wait_for()

        page.route("**/immex.home/figures", lambda route: route.abort())
        page.locator(".o_immex_home_refresh").click()
        alert = page.locator(".o_immex_home [role=alert]")
        alert.wait_for()
        assert card(page, "findings").count() == 1, "what was there stays"
        page.unroute("**/immex.home/figures")
        alert.get_by_role("button", name="Try Again").click()
        alert.wait_for(state="detached")
    assert not complaints, "\n".join(complaints)


def test_the_app_opens_with_it(chromium, month, tmp_path):
    """In Spanish too, for who may read only."""
    with (
        served(month.config, month.database, tmp_path / "odoo.log") as address,
        browser_page(address, viewport={"width": 1366, "height": 768}) as page,
    ):
        log_in(page, "consulta", month.password)
        page.wait_for_selector(".o_web_client .o_main_navbar")
        page.locator(".o_navbar_apps_menu button").click()
        page.locator(
            ".o_app[data-menu-xmlid='immex_compliance.menu_immex_root']"
        ).click()
        card(page, "findings").wait_for()
        assert page.url.endswith("/odoo/immex")
