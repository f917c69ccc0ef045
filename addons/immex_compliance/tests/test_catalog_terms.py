# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta

from odoo.tests import TransactionCase, tagged

from ..tools.cff import add_months, is_business_day

FIRST, LAST = date(2004, 1, 1), date(2044, 12, 31)


@tagged("post_install", "-at_install")
class TestMonths(TransactionCase):
    """Months of CFF art. 12, in Python and in the database."""

    def test_same_day(self):
        for start, months, end in (
            (date(2026, 1, 15), 18, date(2027, 7, 15)),
            (date(2024, 2, 29), 48, date(2028, 2, 29)),
            (date(2026, 12, 31), 1, date(2027, 1, 31)),
            # a last day that is no business day is not extended
            (date(2026, 1, 4), 6, date(2026, 7, 4)),
        ):
            self.assertEqual(add_months(start, months), (end, end))

    def test_day_that_does_not_exist(self):
        for start, months, end, safe in (
            # 1 March 2027 is a Monday, not the third
            (date(2026, 8, 31), 6, date(2027, 3, 1), date(2027, 2, 28)),
            # 1 May is a holiday and 2027-05-02 a Sunday
            (date(2026, 10, 31), 6, date(2027, 5, 3), date(2027, 4, 30)),
            # 29 February: 1 March 2026 is a Sunday
            (date(2024, 2, 29), 24, date(2026, 3, 2), date(2026, 2, 28)),
            # change of the federal executive: 1 October 2030
            (date(2030, 3, 31), 6, date(2030, 10, 2), date(2030, 9, 30)),
            (date(2017, 3, 31), 18, date(2018, 10, 1), date(2018, 9, 30)),
        ):
            with self.subTest(start=start, months=months):
                self.assertEqual(add_months(start, months), (end, safe))

    def test_holidays(self):
        for day, open_ in (
            (date(2026, 2, 2), False),
            (date(2026, 2, 5), True),
            (date(2026, 3, 16), False),
            (date(2026, 11, 16), False),
            (date(2026, 5, 5), False),
            (date(2026, 9, 16), False),
            (date(2026, 12, 25), False),
            (date(2024, 10, 1), False),
            (date(2026, 10, 1), True),
            (date(2006, 12, 1), False),
            (date(2026, 12, 1), True),
        ):
            with self.subTest(day=day):
                self.assertEqual(is_business_day(day), open_)

    def test_database_counts_alike(self):
        days = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
        self.env.cr.execute(
            "SELECT day::date, immex_is_business_day(day::date)"
            " FROM generate_series(%s::date, %s::date, '1 day') day",
            [FIRST, LAST],
        )
        self.assertEqual(
            dict(self.env.cr.fetchall()), {day: is_business_day(day) for day in days}
        )
        months = [0, 1, 2, 6, 11, 12, 13, 18, 24, 36, 48, 60]
        self.env.cr.execute(
            "SELECT day::date, months, immex_add_months(day::date, months),"
            "       (day::date + make_interval(months => months))::date"
            " FROM generate_series(%s::date, %s::date, '1 day') day,"
            "      unnest(%s) months",
            [FIRST, LAST, months],
        )
        wrong = [
            (day, count, end, safe)
            for day, count, end, safe in self.env.cr.fetchall()
            if add_months(day, count) != (end, safe)
        ]
        self.assertEqual(wrong[:5], [])


@tagged("post_install", "-at_install")
class TestTermRules(TransactionCase):
    def _rule(self, goods, origin, certification):
        """The rule that fits first, read as the engine reads the table."""
        for rule in self.env["immex.term.rule"].search([]):
            special = goods in ("fixed_asset", "container")
            if rule.goods_class and rule.goods_class != goods:
                continue
            if not rule.goods_class and special:
                continue
            if rule.origin_class and rule.origin_class != origin:
                continue
            if rule.certification and rule.certification != certification:
                continue
            return rule
        return self.env["immex.term.rule"]

    def test_terms(self):
        for goods, origin, certification, months in (
            ("material", "import", "none", 18),
            ("indirect", "import", "none", 18),
            ("packaging", "import", "vat", 18),
            ("material", "import", "oea", 36),
            ("material", "import", "oea_aeronaves", 48),
            ("material", "import", "oea_seciit", 48),
            ("material", "virtual_immex", "none", 6),
            ("material", "virtual_immex", "vat", 6),
            ("material", "virtual_immex", "oea", 36),
            ("material", "virtual_national", "none", 18),
            ("container", "import", "none", 24),
            ("container", "virtual_immex", "none", 24),
            ("fixed_asset", "import", "oea", 0),
            ("fixed_asset", "virtual_immex", "none", 0),
        ):
            with self.subTest(goods=goods, origin=origin, certification=certification):
                rule = self._rule(goods, origin, certification)
                self.assertTrue(rule)
                self.assertEqual(rule.months, months, rule.name)

    def test_conflict_of_law_and_decree_is_shown(self):
        for goods in ("fixed_asset", "container"):
            rule = self._rule(goods, "virtual_immex", "none")
            self.assertIn("conflict", rule.legal_source)

    def test_every_rule_names_its_law(self):
        rules = self.env["immex.term.rule"].search([])
        self.assertTrue(all(rule.legal_source for rule in rules))
