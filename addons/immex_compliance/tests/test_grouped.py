# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestGrouped(EngineCase):
    """Lists of the ledger, grouped: what Odoo itself would show, in its order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls()
        # neither codes nor names come in the order of their numbers
        parts = [self._product(code, "material") for code in ("M2", "M9", "M1")]
        parts[1].active = False
        for day, part in enumerate(parts, 1):
            paper = self._pedimento("IN", "1", f"2026-10-0{day}", [(part, 15)])
            self._transfer("incoming", f"2026-10-0{day}", [(part, 15)], paper)
            out = self._pedimento("RT", "2", f"2026-10-1{day}", [(part, 4), (part, 2)])
            self._transfer("outgoing", f"2026-10-1{day}", [(part, 6)], out)
        # without a pedimento
        self._transfer("outgoing", "2026-10-20", [(parts[0], 1)])
        self._run()

    def _groups(self, model, group, **options):
        """What the client gets, and what it would get from Odoo's own grouping."""
        asked = ([], [group], ["__count", "id:min"])
        ours = model.web_read_group(*asked, **options)
        with patch.object(type(model), "_order_by_record", lambda *_asked: None):
            return ours, model.web_read_group(*asked, **options)

    def test_as_odoo_groups(self):
        for name, group in (
            ("immex.discharge", "product_id"),
            ("immex.requirement", "product_id"),
            ("immex.exit.line", "product_id"),
            ("immex.movement", "product_id"),
            ("immex.layer", "product_id"),
        ):
            for options in (
                {"limit": 80},
                {"limit": 2},
                {"limit": 2, "offset": 1},
                {"limit": 80, "order": f"{group} DESC"},
                {"limit": 80, "order": "__count DESC, id:min"},
            ):
                with self.subTest(model=name, group=group, **options):
                    ours, theirs = self._groups(self.env[name], group, **options)
                    self.assertTrue(theirs["groups"])
                    self.assertEqual(ours, theirs)

    def test_rules_hold(self):
        """Groups are those of the companies of who looks."""
        other = self.env["res.company"].create({"name": "Another"})
        stranger = new_test_user(
            self.env,
            "grouped_stranger",
            groups="immex_compliance.group_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        model = self.env["immex.discharge"].with_user(stranger)
        model = model.with_context(allowed_company_ids=other.ids)
        found = model.web_read_group([], ["product_id"], ["__count"], limit=1)
        self.assertEqual(found, {"groups": [], "length": 0})
