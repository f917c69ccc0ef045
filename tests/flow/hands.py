# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The hands of a person in Odoo's web client: nothing here calls the server."""

import re


class Hands:
    """What a person does with a page of Odoo."""

    def __init__(self, page):
        self.page, self._asked = page, set()
        page.on("request", self._begins)
        page.on("requestfinished", self._ends)
        page.on("requestfailed", self._ends)

    def _begins(self, request):
        # the bus asks for ever
        if "/websocket" not in request.url and "/bus/" not in request.url:
            self._asked.add(request)

    def _ends(self, request):
        self._asked.discard(request)

    def open(self, path, view=".o_view_controller"):
        self.page.goto(path)
        self.page.locator(view).locator("visible=true").first.wait_for()
        self.settle()

    def settle(self):
        """Wait until the client has asked the server for nothing for a moment."""
        quiet = 0
        for _turn in range(600):
            self.page.wait_for_timeout(100)
            quiet = 0 if self._asked else quiet + 1
            if quiet == 3:
                return
        raise AssertionError(f"still waiting for {[r.url for r in self._asked]}")

    def menu(self, *names):
        """Walk from the app's bar: ``menu("Documents", "Pedimentos")``."""
        first, *rest = names
        bar = self.page.locator(".o_main_navbar")
        bar.locator(
            ".o_menu_sections button, .o_menu_sections a", has_text=exactly(first)
        ).first.click()
        for name in rest:
            self.page.locator(
                ".o-dropdown--menu .dropdown-item", has_text=exactly(name)
            ).first.click()
        self.settle()

    def field(self, name, within=None):
        return (within or self.page).locator(f".o_field_widget[name='{name}']").first

    def fill(self, name, text, within=None):
        box = self.field(name, within).locator("input, textarea").first
        box.fill(text)
        box.press("Tab")
        self.settle()

    def date(self, name, text, within=None):
        """Type a date; Odoo 19 shows a button until the field is entered."""
        field = self.field(name, within)
        field.click()
        box = field.locator("input").first
        box.fill(text)
        box.press("Enter")
        self.page.keyboard.press("Escape")
        self.settle()

    def choose(self, name, text, within=None):
        """Type into a many2one and take the first proposal."""
        field = self.field(name, within)
        box = field.locator("input").first
        box.click()
        box.fill(text)
        self.page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()
        self.settle()

    def press(self, text, within=None):
        """Press a button by its text."""
        scope = within or self.page
        button = scope.locator("button:visible", has_text=exactly(text)).first
        button.click()
        self.settle()

    def save(self):
        button = self.page.locator(".o_form_button_save:visible")
        if button.count():
            button.first.click()
            self.page.wait_for_selector(".o_form_button_save:visible", state="detached")
        self.settle()

    def state(self):
        """The state that the form's bar marks."""
        return self.page.locator(".o_arrow_button_current").first.inner_text().strip()

    def rows(self):
        """Texts of the cells of the list that is shown."""
        return [
            [cell.strip() for cell in row.locator("td").all_inner_texts()]
            for row in self.page.locator(".o_list_view tr.o_data_row").all()
        ]

    def complaint(self):
        """The text of an error that the client shows, or an empty text."""
        shown = self.page.locator(".o_error_dialog, .o_notification_bar.bg-danger")
        return shown.first.inner_text() if shown.count() else ""


def exactly(text):
    return re.compile(rf"^\s*{re.escape(text)}\s*$")
