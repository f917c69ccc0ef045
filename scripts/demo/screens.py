# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pictures of every screen of the demo, in both languages, at two sizes, into docs/.

    make screens            # all of them
    ONLY=layer make screens # those whose name contains it

Every menu of the add-ons: its list and the first record of it; the pages of Odoo that
show their customs side; the authority's pages. Also a page that shows them in a table.
"""

import argparse
import io
import json
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import TimeoutError

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "flow")]

from hands import Hands  # noqa: E402
from support.browser import browser_page, log_in  # noqa: E402
from support.server import served, shell  # noqa: E402

PASSWORD = "immex-demo"
LANGUAGES = {"en": "en_US", "es": "es_MX"}
SIZES = {"1366x768": (1366, 768), "1920x1080": (1920, 1080)}
# pages of Odoo, by the record that tells most
PAGES = (
    ("odoo-transfer-in", "stock.picking", "stock.action_picking_tree_all", "incoming"),
    ("odoo-transfer-out", "stock.picking", "stock.action_picking_tree_all", "outgoing"),
    ("odoo-order", "mrp.production", "mrp.mrp_production_action", None),
    ("odoo-product", "product.template", "stock.product_template_action_product", None),
    ("odoo-lot", "stock.lot", "stock.action_production_lot_form", None),
    ("odoo-purchase", "purchase.order", "purchase.purchase_form_action", None),
    ("odoo-sale", "sale.order", "sale.action_orders", None),
    ("odoo-partner", "res.partner", "base.action_partner_form", None),
)
ASK = """
import json
menus = env["ir.ui.menu"].with_context(active_test=False).search([])
names = menus.get_external_id()
found = []
for menu in menus:
    name = names[menu.id]
    if name.startswith("immex_") and menu.action:
        found.append(
            (
                name.split(".")[1].removeprefix("menu_immex_"),
                menu.action.id,
                menu.action._name,
                getattr(menu.action, "target", ""),
            )
        )
records = {}
for key, model, _action, code in PAGES:
    domain = [("picking_type_code", "=", code), ("immex_pedimento_id", "!=", False)]
    domain = domain if code else []
    if model == "mrp.production":
        domain = [("state", "=", "done")]
    if model == "product.template":
        domain = [("immex_class", "=", "material")]
    if "company_id" in env[model]._fields and model != "res.partner":
        companies = (False, env.ref("base.main_company").id)
        domain = [*domain, ("company_id", "in", companies)]
    records[key] = env[model].search(domain, limit=1).id
admin = env.ref("base.user_admin")
names = ("group_manager", "group_administrator")
admin.group_ids |= env["res.groups"].union(
    *(env.ref(f"immex_compliance.{name}") for name in names)
)
env.cr.commit()
print("SCREENS" + json.dumps({"menus": found, "records": records}))
"""
LANGUAGE = """
for login in ("admin", "autoridad"):
    env["res.users"].search([("login", "=", login)]).lang = LANG
env.cr.commit()
"""


class Album:
    """Takes the pictures of one language, each screen at every size."""

    def __init__(self, page, folder, only):
        self.page, self.folder, self.only = page, folder, only
        self.hands = Hands(page)
        self.taken, self.complaints = [], []

    def wanted(self, name):
        return self.only in name

    def take(self, name):
        for size, (width, height) in SIZES.items():
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_timeout(250)
            picture = Image.open(io.BytesIO(self.page.screenshot()))
            target = self.folder / size / f"{name}.webp"
            target.parent.mkdir(parents=True, exist_ok=True)
            picture.convert("RGB").save(target, "WEBP", quality=40, method=6)
        if complaint := self.hands.complaint():
            self.complaints.append(f"{name}: {complaint}")
        self.taken.append(name)

    def trying(self, name, show, *asked):
        """One screen that does not come keeps none of the others back."""
        try:
            show(*asked)
        except TimeoutError as error:
            self.complaints.append(f"{name}: {error}")

    def menu(self, name, action, kind, target):
        if not self.wanted(name):
            return
        opened = ".o_view_controller, .o_dialog, .o_action_manager > *"
        self.hands.open(f"/odoo/action-{action}", opened)
        self.take(name)
        row = self.page.locator(".o_list_view tr.o_data_row td.o_data_cell")
        if kind != "ir.actions.act_window" or target == "new":
            return
        header = self.page.locator(".o_list_view tr.o_group_header")
        if not row.count() and header.count():
            header.first.click()
            self.hands.settle()
        if (
            row.count()
            and not self.page.locator("table.o_list_table .o_list_button_add").count()
        ):
            row.first.click()
            self.hands.settle()
            if self.page.locator(".o_form_view").count():
                self.take(f"{name}-form")

    def record(self, name, action, number):
        if number and self.wanted(name):
            self.hands.open(f"/odoo/action-{action}/{number}", ".o_form_view")
            self.take(name)

    def address(self, name, path):
        if self.wanted(name):
            self.page.goto(path)
            self.hands.settle()
            self.take(name)


def authority(album):
    """Its front page, and each page that a link or a button of it leads to."""
    album.page.context.clear_cookies()
    log_in(album.page, "autoridad", PASSWORD)
    album.address("authority", "/immex/authority")
    for code in ("entradas", "salidas", "saldos", "descargos", "activo_fijo"):
        path = f"/immex/authority/reporte/{code}"
        path += "?date_from=2026-10-01&date_to=2026-10-31"
        album.address(f"authority-{code}", path)


def album_of(language, address, told, target, only):
    with browser_page(address, locale=LANGUAGES[language].replace("_", "-")) as page:
        album = Album(page, target / language, only)
        log_in(page, "admin", PASSWORD)
        for menu in told["menus"]:
            album.trying(menu[0], album.menu, *menu)
        for key, _model, action, _code in PAGES:
            album.trying(key, album.record, key, action, told["records"][key])
        album.address("settings", "/odoo/settings#immex_compliance")
        album.address("upload", "/immex/upload")
        authority(album)
        print(f"   {language}: {len(album.taken)} screens", flush=True)
        return album


def index(target, names):
    """The page with all of them; each picture leads to the larger one."""
    lines = ["# Screens", "", "Of the demo company, made by `make screens`.", ""]
    lines += ["| | English | Español |", "|---|---|---|"]
    small, large = SIZES
    for name in sorted(names):
        cells = [
            f"[![{name}](screens/{language}/{small}/{name}.webp)]"
            f"(screens/{language}/{large}/{name}.webp)"
            for language in LANGUAGES
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    (target.parent / "screens.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--languages", nargs="+", default=list(LANGUAGES))
    parser.add_argument("--target", type=Path, default=ROOT / "docs" / "screens")
    asked = parser.parse_args()
    where = asked.config, asked.database
    printed = shell(*where, f"PAGES = {PAGES!r}\nexec({ASK!r})\n")
    (line,) = [row for row in printed.splitlines() if row.startswith("SCREENS")]
    told = json.loads(line.removeprefix("SCREENS"))
    names, complaints = set(), []
    for language in asked.languages:
        code = LANGUAGES[language]
        shell(*where, f"LANG = {code!r}\nexec({LANGUAGE!r})\n")
        with tempfile.TemporaryDirectory() as folder:
            with served(*where, Path(folder) / "odoo.log") as address:
                album = album_of(language, address, told, asked.target, asked.only)
        names.update(album.taken)
        complaints += [f"{language}: {text}" for text in album.complaints]
    if not asked.only:
        index(asked.target, names)
    print("\n".join(complaints) or "   no screen complained")
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
