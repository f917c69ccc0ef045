# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import Form, TransactionCase, new_test_user, tagged


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
