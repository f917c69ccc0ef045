# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestReceiptCheck(EngineCase):
    """Goods received against what pedimentos declare, at any date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.material = cls._product("MAT-1", "material")
        cls.other = cls._product("MAT-2", "material")

    def _check(self, day="2026-10-31", **values):
        check = self.env["immex.receipt.check"].create(
            {"date": day, "grace": 0, "tolerance": 0, **values}
        )
        check.action_run()
        return check

    def _found(self, check):
        """{(kind, part, pedimento's document): (declared, received, value)}, exact."""
        self.env.cr.execute(
            """
            SELECT l.kind, pp.default_code, COALESCE(p.document, k.name),
                   trim_scale(l.declared::numeric)::text,
                   trim_scale(l.received::numeric)::text,
                   trim_scale(l.customs_value::numeric)::text
              FROM immex_receipt_check_line l
              JOIN product_product pp ON pp.id = l.product_id
              LEFT JOIN immex_pedimento p ON p.id = l.pedimento_id
              LEFT JOIN stock_picking k ON k.id = l.picking_id
             WHERE l.check_id = %s""",
            [check.id],
        )
        return {row[:3]: row[3:] for row in self.env.cr.fetchall()}

    def test_each_kind(self):
        short = self._pedimento("IN", "1", "2026-10-01", [(self.material, 100)])
        self._transfer("incoming", "2026-10-01", [(self.material, 90.5)], short)
        over = self._pedimento("IN", "1", "2026-10-02", [(self.material, 50)])
        self._transfer(
            "incoming", "2026-10-02", [(self.material, 53), (self.other, 4)], over
        )
        missing = self._pedimento("IN", "1", "2026-10-03", [(self.other, 8)])
        agrees = self._pedimento("IN", "1", "2026-10-04", [(self.other, 8)])
        self._transfer("incoming", "2026-10-04", [(self.other, 8)], agrees)
        loose = self._transfer("incoming", "2026-10-05", [(self.material, 7)])
        self._run()
        self.assertEqual(
            self._found(self._check()),
            {
                ("short", "MAT-1", short.document): ("100", "90.5", "342"),
                ("over", "MAT-1", over.document): ("50", "53", "108"),
                # valued as the import of the part before it: none yet
                ("undeclared", "MAT-2", over.document): ("0", "4", None),
                ("not_received", "MAT-2", missing.document): ("8", "0", "288"),
                ("undocumented", "MAT-1", loose.name): ("0", "7", "252"),
            },
        )

    def test_cut_off_grace_and_tolerance(self):
        pedimento = self._pedimento("IN", "1", "2026-10-01", [(self.material, 100)])
        self._transfer("incoming", "2026-10-03", [(self.material, 40)], pedimento)
        self._transfer("incoming", "2026-10-10", [(self.material, 58)], pedimento)
        self._run()

        def received(day, **values):
            found = self._found(self._check(day, **values))
            return {row[0]: figures[1] for row, figures in found.items()}

        self.assertEqual(received("2026-09-30"), {})
        self.assertEqual(received("2026-10-02"), {"not_received": "0"})
        self.assertEqual(received("2026-10-09"), {"short": "40"})
        self.assertEqual(received("2026-10-10"), {"short": "98"})
        self.assertEqual(received("2026-10-10", grace=9), {"short": "98"})
        self.assertEqual(received("2026-10-09", grace=9), {})
        # two of a hundred is within two percent, and beyond 1.999
        self.assertEqual(received("2026-10-31", tolerance=2), {})
        self.assertEqual(received("2026-10-31", tolerance=1.999), {"short": "98"})

    def test_rectified_version_counts(self):
        first = self._pedimento("IN", "1", "2026-10-01", [(self.material, 100)])
        self._transfer("incoming", "2026-10-01", [(self.material, 120)], first)
        self._run()
        self.assertEqual(
            list(self._found(self._check()).values()), [("100", "120", "720")]
        )
        second = self._pedimento("IN", "1", "2026-10-20", [(self.material, 120)])
        second.write({"rectifies_id": first.id, "root_id": first.id})
        first.current_id = second
        self._run()
        self.assertEqual(self._found(self._check()), {})

    def test_against_plain_python(self):
        """Random receipts; the oracle adds up what the papers and transfers say."""
        dice = random.Random(20261031)
        parts = [self.material, self.other, self._product("MAT-3", "material")]
        start = date(2026, 10, 1)
        declared, received = {}, defaultdict(list)
        for number in range(9):
            day = start + timedelta(days=dice.randrange(20))
            lines = [
                (part, Decimal(dice.randrange(1, 200)) / 2)
                for part in dice.sample(parts, dice.randrange(1, 4))
            ]
            pedimento = self._pedimento(
                "IN", "1", str(day), [(part, float(qty)) for part, qty in lines]
            )
            for part, quantity in lines:
                declared[pedimento.document, part.default_code] = (day, quantity)
            for _truck in range(dice.randrange(3)):
                came = start + timedelta(days=dice.randrange(30))
                part, quantity = dice.choice(lines)
                quantity = dice.choice([quantity, quantity / 2, quantity + 3])
                self._transfer(
                    "incoming", str(came), [(part, float(quantity))], pedimento
                )
                received[pedimento.document, part.default_code].append((came, quantity))
            if number % 3 == 0:
                came = start + timedelta(days=dice.randrange(30))
                transfer = self._transfer("incoming", str(came), [(parts[0], 5)])
                received[transfer.name, parts[0].default_code].append(
                    (came, Decimal(5))
                )
        self._run()
        for cut in ("2026-10-08", "2026-10-18", "2026-11-15"):
            day = date.fromisoformat(cut)
            wanted = {}
            for key in declared.keys() | received.keys():
                document, part = key
                since, quantity = declared.get(key, (start, Decimal(0)))
                came = sum((q for d, q in received[key] if d <= day), Decimal(0))
                if key not in declared:
                    if came:
                        wanted["undocumented", part, document] = (Decimal(0), came)
                elif since > day:
                    continue
                elif came > quantity:
                    wanted["over", part, document] = (quantity, came)
                elif came < quantity:
                    kind = "short" if came else "not_received"
                    wanted[kind, part, document] = (quantity, came)
            found = {
                key: (Decimal(figures[0]), Decimal(figures[1]))
                for key, figures in self._found(self._check(cut)).items()
            }
            with self.subTest(cut=cut):
                self.assertEqual(found, wanted)

    def test_proposal_stays_with_its_difference(self):
        pedimento = self._pedimento("IN", "1", "2026-10-01", [(self.material, 100)])
        self._transfer("incoming", "2026-10-01", [(self.material, 90)], pedimento)
        self._run()
        check = self._check()
        self.assertEqual((check.line_count, check.open_count), (1, 1))
        check.line_ids.action_propose()
        proposal = check.line_ids.regularization_id
        self.assertEqual((proposal.path, proposal.quantity), ("r1", 10))
        again = self._check("2026-11-15")
        self.assertEqual(again.line_ids.regularization_id, proposal)
        again.line_ids.action_propose()
        self.assertEqual(again.line_ids.regularization_id, proposal)
        self.assertEqual(again.open_count, 0)
        # what was rejected is proposed anew
        proposal.reason = "Counted again"
        proposal.action_reject()
        again.line_ids.action_propose()
        self.assertNotEqual(again.line_ids.regularization_id, proposal)

    def test_roles_and_companies(self):
        pedimento = self._pedimento("IN", "1", "2026-10-01", [(self.material, 100)])
        self._run()
        values = {"company_ids": [(6, 0, self.company.ids)]}
        values["company_id"] = self.company.id
        reader, manager = (
            new_test_user(
                self.env, f"receipts_{role}", f"immex_compliance.group_{role}", **values
            )
            for role in ("user", "manager")
        )
        checks = self.env["immex.receipt.check"]
        with self.assertRaises(AccessError):
            checks.with_user(reader).create({"date": "2026-10-31"})
        check = checks.with_user(manager).create({"date": "2026-10-31", "grace": 0})
        with self.assertRaises(AccessError):
            check.write({"state": "done"})
        check.action_run()
        self.assertEqual(check.line_ids.pedimento_id, pedimento)
        self.assertEqual(check.with_user(reader).line_ids, check.line_ids)
        with self.assertRaises(AccessError):
            check.line_ids.write({"declared": 1})
        with self.assertRaises(AccessError):
            check.line_ids.with_user(reader).action_propose()
        check.line_ids.action_propose()
        stranger = new_test_user(
            self.env,
            "receipts_stranger",
            "immex_compliance.group_manager",
            company_id=self.env.ref("base.main_company").id,
            company_ids=[(6, 0, self.env.ref("base.main_company").ids)],
        )
        for model in (
            "immex.receipt.check",
            "immex.receipt.check.line",
            "immex.regularization",
            "immex.regularization.line",
            "immex.regularization.fine",
        ):
            self.assertFalse(
                self.env[model]
                .with_user(stranger)
                .with_context(allowed_company_ids=stranger.company_ids.ids)
                .search([("company_id", "=", self.company.id)]),
                model,
            )
