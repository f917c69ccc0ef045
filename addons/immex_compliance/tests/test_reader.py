# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from lxml import etree

from odoo import Command
from odoo.tests import new_test_user, tagged

from .engine_case import EngineCase

# every screen that the walk from a discharge, and back from an import, passes
SCREENS = (
    "immex.finding",
    "immex.pedimento",
    "immex.pedimento.partida",
    "immex.layer",
    "immex.exit.line",
    "immex.discharge",
    "immex.requirement",
    "immex.production.layer",
    "immex.movement",
    "immex.discharge.run",
    "stock.picking",
    "mrp.production",
)


@tagged("post_install", "-at_install")
class TestReader(EngineCase):
    """Who only reads the books opens what the walk by clicks passes."""

    def setUp(self):
        super().setUp()
        material = self._product("MAT", "material")
        product = self._product("PROD", "product")
        paper = self._pedimento("IN", "1", "2026-10-01", [(material, 60)])
        self._transfer("incoming", "2026-10-01", [(material, 60)], paper)
        self._order(product, 10, "2026-10-05", [(material, 50)])
        out = self._pedimento("RT", "2", "2026-10-08", [(product, 6)])
        self._transfer("outgoing", "2026-10-08", [(product, 6)], out)
        # without a customs document: a finding that names the transfer
        self._transfer("outgoing", "2026-10-09", [(product, 4)])
        self._run()
        self.reader = new_test_user(
            self.env,
            "immex_reader",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def _specification(self, model, node):
        """What the web client asks for when it shows ``node``."""
        result = {}
        for child in node.xpath(".//field[not(ancestor::field)]"):
            field = model._fields[child.get("name")]
            result[field.name] = {}
            if field.type in ("one2many", "many2many"):
                lines = child.find("list")
                related = self.env[field.comodel_name]
                result[field.name] = {
                    "fields": {"display_name": {}}
                    if lines is None
                    else {
                        name: {}
                        for name in (
                            column.get("name") for column in lines.iterfind("field")
                        )
                        if name in related._fields
                    }
                }
            elif field.type == "many2one":
                result[field.name] = {"fields": {"display_name": {}}}
        return result

    def test_every_screen_of_the_walk(self):
        for name in SCREENS:
            model = self.env[name].with_user(self.reader)
            with self.subTest(model=name):
                arch = model.get_views([(False, "form")])["views"]["form"]["arch"]
                form = etree.fromstring(arch)
                records = model.search([("company_id", "=", self.company.id)])
                self.assertTrue(records)
                self.env.invalidate_all()
                values = records.web_read(self._specification(model, form))
                self.assertEqual(len(values), len(records))

    def test_the_walk_gives_no_right_to_write(self):
        for name in ("stock.picking", "stock.move", "mrp.production", "mrp.bom"):
            for operation in ("write", "create", "unlink"):
                with self.subTest(model=name, operation=operation):
                    self.assertFalse(
                        self.env[name].with_user(self.reader).has_access(operation)
                    )

    def test_a_finding_tells_its_transfer(self):
        finding = self._findings("exit_without_document").with_user(self.reader)
        transfer = finding.sudo().movement_id.picking_id.name
        self.env.invalidate_all()
        self.assertIn(transfer, finding.message)
