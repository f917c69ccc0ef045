# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from lxml import etree

from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestViews(TransactionCase):
    def test_every_window_opens(self):
        user = new_test_user(
            self.env, "immex_views", groups="immex_compliance.group_administrator"
        )
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", "immex_compliance"),
                ("model", "=", "ir.actions.act_window"),
            ]
        )
        self.assertGreater(len(data), 25)
        for action in self.env["ir.actions.act_window"].browse(data.mapped("res_id")):
            with self.subTest(action=action.name):
                views = [(False, mode) for mode in action.view_mode.split(",")]
                views.append((False, "search"))
                self.env[action.res_model].with_user(user).get_views(views)

    def test_forms(self):
        with Form(self.env["immex.program"]) as program:
            program.name = "1234-2019"
            program.valid_from = "2019-01-01"
        with Form(self.env["immex.destruction"]) as destruction:
            destruction.notice_folio = "A-1"
            destruction.notice_date = "2026-01-01"
        with Form(self.env["product.template"]) as product:
            product.name = "Part"
            product.immex_class = "material"
        self.assertEqual(product.record.immex_class, "material")


@tagged("post_install", "-at_install")
class TestViewsWithRecords(EngineCase):
    """Every view of ours, opened with its records as the web client does."""

    def setUp(self):
        super().setUp()
        part = self._product("VW-M", "material")
        goods = self._product("VW-P", "product")
        entry = self._pedimento("IN", "1", "2026-10-01", [(part, 100)])
        self._transfer("incoming", "2026-10-01", [(part, 110)], entry)
        self._order(goods, 60, "2026-10-05", [(part, 60)])
        leaving = self._pedimento("RT", "2", "2026-10-10", [(goods, 50)])
        self._transfer("outgoing", "2026-10-10", [(goods, 50)], leaving)
        # more than was ever imported, and a delivery without its paper
        self._pedimento("RT", "2", "2026-10-11", [(part, 500)])
        self._transfer("outgoing", "2026-10-12", [(goods, 5)])
        self.env["immex.destruction"].create(
            {
                "notice_folio": "VW-1",
                "notice_date": "2026-10-01",
                "company_id": self.company.id,
                "line_ids": [(0, 0, {"product_id": part.id, "quantity": 1})],
            }
        )
        self._run()

    def _specification(self, model, node):
        """What the client asks of web_read for the fields of one view."""
        fields = self.env[model]._fields
        spec = {}
        for child in node.iterfind(".//field"):
            # columns of a list inside belong to its own model
            parent = next(child.iterancestors("field", node.tag))
            if parent is not node:
                continue
            name = child.get("name")
            field = fields[name]
            if field.type == "many2one":
                spec[name] = {"fields": {"display_name": {}}}
            elif field.relational:
                inner = child.find("list")
                spec[name] = {
                    "fields": {"display_name": {}}
                    if inner is None
                    else self._specification(field.comodel_name, inner)
                }
            else:
                spec[name] = {}
        return spec

    def test_records_open_for_user_and_manager(self):
        opened = set()
        for group in ("user", "manager"):
            user = new_test_user(
                self.env,
                f"immex_views_{group}",
                groups=f"immex_compliance.group_{group}",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            views = self.env["ir.ui.view"].search(
                [
                    ("model", "=like", "immex.%"),
                    ("type", "in", ("list", "form", "search", "kanban")),
                    ("mode", "=", "primary"),
                ]
            )
            for view in views:
                model = self.env[view.model].with_user(user)
                if model._transient or not model.has_access("read"):
                    continue
                with self.subTest(view=view.name, group=group):
                    got = model.get_views([(view.id, view.type)])
                    arch = etree.fromstring(got["views"][view.type]["arch"])
                    if view.type == "search":
                        for node in arch.iterfind(".//field"):
                            self._search_by(model, node)
                        continue
                    spec = self._specification(view.model, arch)
                    rows = model.web_search_read([], spec, limit=5)["records"]
                    if rows:
                        model.browse(rows[0]["id"]).web_read(spec)
                        opened.add((view.model, view.type, group))
        for name in (
            "layer",
            "discharge",
            "exit.line",
            "requirement",
            "movement",
            "production.layer",
            "finding",
            "discharge.run",
            "destruction",
            "pedimento",
        ):
            for kind in ("list", "form"):
                for group in ("user", "manager"):
                    self.assertIn((f"immex.{name}", kind, group), opened)

    def _search_by(self, model, node):
        """Type a number in one entry of the search box."""
        domain = node.get("filter_domain")
        if domain:
            domain = safe_eval(domain, {"self": "26-24-3456"})
        elif model._fields[node.get("name")].type in ("char", "text", "many2one"):
            domain = [(node.get("name"), "ilike", "26-24-3456")]
        else:
            return
        model.search(domain, limit=1)

    def test_every_window_of_ours_says_what_to_do_when_empty(self):
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", "immex_compliance"),
                ("model", "=", "ir.actions.act_window"),
            ]
        )
        for action in self.env["ir.actions.act_window"].browse(data.mapped("res_id")):
            if action.target != "new" and "list" in action.view_mode:
                with self.subTest(action=action.name):
                    self.assertIn("<p", action.help or "")
