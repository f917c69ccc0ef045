# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The whole path in a browser, by hands alone: a broker's file becomes a balance.

One import of seven parts, of which one bears a number that nobody knows; received,
made into harnesses, sixty of them delivered and exported; discharged, read, printed;
the month closed; and read once more by the authority.
"""

import re
import zipfile
from datetime import date
from pathlib import Path

from hands import Hands
from make_exit import make
from support.browser import browser_page, log_in

DATA = Path(__file__).parents[2] / "data" / "demo"
IMPORT, EXPORT = "26 07 3872 6000871", "26 24 3456 6001399"
BALANCES = "Reporte de saldos de mercancías de importación temporal"
# sixty harnesses took 2, 8 and half a piece each
LEFT = {"C-0201": "1,680", "S-0401": "14,520", "A-0602": "90", "C-0202": "1,900"}
PASSWORD = "immex-demo"  # of the demo company
SIZE = {"width": 1366, "height": 768}


def test_from_the_brokers_file_to_the_authority(chromium, plant, tmp_path):
    with browser_page(plant.address, viewport=SIZE, locale="en-US") as page:
        hands = Hands(page)
        log_in(page, "aduanas", PASSWORD)
        hands.open("/odoo/immex", ".o_immex_home, .o_action_manager > *")
        load_the_import(hands)
        map_the_unknown_part(hands)
        receive(hands, plant.receipt)
        produce(hands, plant.order)
        see_what_would_leave_and_deliver(hands, plant.delivery)
        load_the_export(hands, make(tmp_path / "m3456099.289"))
        discharge(hands)
        read_the_balance(hands)
        print_the_balance(hands)
        close_the_month(hands)
        page.context.clear_cookies()
        log_in(page, "autoridad", PASSWORD)
        look_as_the_authority(hands)


def load_file(hands, kind, path):
    hands.open("/odoo/immex", ".o_action_manager > *")
    hands.menu("Documents", "Load a Customs File")
    dialog = hands.page.locator(".o_dialog")
    dialog.locator("label", has_text=kind).first.click()
    dialog.locator("input[type=file]").set_input_files(path)
    hands.settle()
    hands.press("Load", dialog)
    assert not hands.complaint()
    hands.page.wait_for_selector(".o_form_view .o_arrow_button_current:text('Loaded')")


def load_the_import(hands):
    load_file(hands, "Broker file (SAAI M3)", DATA / "m3872003.278")
    load_file(hands, "Part", DATA / "m3872003_278_partes.csv")


def map_the_unknown_part(hands):
    hands.menu("Documents", "Parts Without Product")
    (waiting,) = hands.rows()
    assert "KSB-95-TUCH" in waiting
    row = hands.page.locator("tr.o_data_row")
    row.locator("td[name=product_id]").click()
    hands.choose("product_id", "A-0602", row)
    hands.page.locator(".o_list_button_save:visible").first.click()
    hands.settle()
    hands.menu("Documents", "Pedimentos")
    (pedimento,) = hands.rows()
    assert IMPORT in pedimento and "Ready" in pedimento


def name_the_pedimento(hands, number, day):
    hands.fill("immex_pedimento_ref", number)
    hands.date("immex_event_date", day)
    hands.save()


def receive(hands, picking):
    hands.open(f"/odoo/action-stock.action_picking_tree_all/{picking}")
    name_the_pedimento(hands, IMPORT, "10/06/2026")
    hands.press("Validate")
    assert hands.state() == "Done"


def produce(hands, order):
    hands.open(f"/odoo/action-mrp.mrp_production_action/{order}")
    hands.date("immex_event_date", "10/12/2026")
    hands.save()
    hands.press("Produce All")
    assert hands.state() == "Done"


def see_what_would_leave_and_deliver(hands, picking):
    path = f"/odoo/action-stock.action_picking_tree_all/{picking}"
    hands.open(path)
    name_the_pedimento(hands, EXPORT, "10/16/2026")
    hands.press("Imports It Would Free")
    dialog = hands.page.locator(".o_dialog")
    freed = dialog.locator(".o_field_widget[name=result_ids] tr.o_data_row")
    told = sorted(row.inner_text().split() for row in freed.all())
    assert len(told) == 3 and all("6000871" in row for row in told)
    hands.open(path)
    hands.press("Validate")
    assert hands.state() == "Done"


def load_the_export(hands, path):
    load_file(hands, "Broker file (SAAI M3)", path)


def discharge(hands):
    hands.menu("Documents", "Pedimentos")
    hands.page.locator("tr.o_data_row", has_text=EXPORT).first.click()
    hands.settle()
    hands.press("Run the Discharge")
    dialog = hands.page.locator(".o_dialog:has(.o_field_widget[name='reason'])")
    hands.fill("reason", "October is complete", dialog)
    hands.press("Run the Discharge", dialog)
    # the page of the work follows it to its end by itself
    hands.page.wait_for_selector("button:visible:has-text('Show the Result')")


def read_the_balance(hands):
    hands.menu("Inventory", "Layers")
    rows = hands.rows()
    assert len(rows) == 7
    for code, left in LEFT.items():
        (row,) = [row for row in rows if f"[{code}]" in " ".join(row)]
        assert left in row, row


def print_the_balance(hands):
    hands.menu("Reports", "New Report")
    hands.field("code").locator("input").first.click()
    items = hands.page.locator(".o_select_menu_item")
    items.get_by_text(BALANCES, exact=True).click()
    hands.settle()
    hands.date("date_to", "10/31/2026")
    hands.press("Show")
    assert BALANCES in hands.page.locator(".o_breadcrumb").inner_text()
    assert hands.page.locator(".o_group_header").count() == 3
    hands.page.go_back()
    hands.settle()
    with hands.page.expect_download() as download:
        hands.press("Excel")
    with zipfile.ZipFile(download.value.path()) as book:
        assert "xl/workbook.xml" in book.namelist()
    assert "20261031" in download.value.suggested_filename


def close_the_month(hands):
    hands.menu("Periods", "Month-End")
    hands.press("New")
    hands.date("date_to", "10/31/2026")
    hands.save()
    hands.press("Check Now")
    steps = {row[0]: row[1] for row in hands.rows()}
    assert steps["Everything was discharged after the last fact"] == "In Order"
    assert steps["No exit waits for its customs document"] == "In Order"
    hands.fill("reason", "The first month: Data Stage is asked for.")
    hands.press("Close the Month")
    hands.press("Ok", hands.page.locator(".o_dialog"))
    # the form follows the work in the background to its end by itself
    hands.page.wait_for_selector(".o_arrow_button_current:text-is('Closed')")
    assert len(hands.field("sha256").inner_text().strip()) == 64


def look_as_the_authority(hands):
    page = hands.page
    page.goto("/odoo")
    assert "/odoo" not in page.url, "the authority has no backend"
    page.goto("/immex/authority")
    form = page.locator("form[action$='/reporte/saldos']")
    form.locator("input[name=date_to]").fill(date(2026, 10, 31).isoformat())
    form.locator("button").first.click()
    page.wait_for_selector("table")
    text = page.locator("body").inner_text()
    for shown in (BALANCES, "Arneses Río Bravo", "ARB150612KM4", "6000871"):
        assert shown in text, shown
    assert re.search(r"\b1,?680\b", text)
