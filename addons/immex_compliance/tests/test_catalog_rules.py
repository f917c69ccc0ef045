# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from odoo.tests import TransactionCase, tagged

IMPORT, EXPORT = "1", "2"
V1_IM = ("V1", ("1234-2019", "IM", ""))
V1_CN = ("V1", ("ABC010101AB1", "CN", ""))
DE = ("DE", ("", "", ""))
AF = ("AF", ("", "", ""))


def a3(complement):
    return ("A3", (complement, "", ""))


# key, operation, case, identifiers -> effect and what else matters
CASES = [
    ("IN", IMPORT, None, [], {"effect": "entry", "customs_status": "temporary"}),
    ("IN", IMPORT, "II", [], {"effect": "entry", "legal_source": "LA 103"}),
    ("AF", IMPORT, None, [], {"effect": "entry", "goods_class": "fixed_asset"}),
    ("V1", IMPORT, None, [V1_IM], {"effect": "entry", "origin_class": "virtual_immex"}),
    (
        "V1",
        IMPORT,
        None,
        [V1_CN],
        {"effect": "entry", "origin_class": "virtual_national"},
    ),
    ("V1", IMPORT, "VII", [], {"effect": "entry", "origin_class": "virtual_national"}),
    (
        "V1",
        IMPORT,
        None,
        [V1_IM, AF],
        {"effect": "entry", "goods_class": "fixed_asset"},
    ),
    ("V1", IMPORT, "IX", [V1_IM], {"effect": "entry", "goods_class": "waste"}),
    ("E1", IMPORT, None, [], {"effect": "entry", "customs_status": "temporary"}),
    ("E2", IMPORT, None, [], {"effect": "entry", "goods_class": "fixed_asset"}),
    ("A1", IMPORT, None, [], {"effect": "entry", "customs_status": "definitive"}),
    ("A1", EXPORT, "II", [], {"effect": "none"}),
    ("A1", EXPORT, "V", [], {"effect": "exit", "exit_kind": "export"}),
    (
        "RT",
        EXPORT,
        None,
        [],
        {"effect": "exit", "layer_scope": "all", "is_waste": False},
    ),
    ("RT", EXPORT, "I", [], {"effect": "exit", "exit_kind": "return"}),
    ("RT", EXPORT, None, [DE], {"effect": "exit", "is_waste": True}),
    ("V1", EXPORT, None, [V1_IM], {"effect": "exit", "layer_scope": "all"}),
    ("V1", EXPORT, "IX", [V1_IM], {"effect": "exit", "is_waste": True}),
    ("V1", EXPORT, "XI", [V1_IM], {"effect": "exit", "exit_kind": "transfer"}),
    ("V5", EXPORT, None, [], {"effect": "exit", "destination": "transfer"}),
    ("V5", IMPORT, None, [], {"effect": "entry", "customs_status": "definitive"}),
    ("V5", IMPORT, "II", [], {"effect": "entry", "customs_status": "temporary"}),
    ("V6", EXPORT, None, [], {"effect": "exit"}),
    ("V9", EXPORT, None, [], {"effect": "exit", "destination": "donation"}),
    ("V4", EXPORT, None, [], {"effect": "exit", "destination": "ctm"}),
    ("F4", IMPORT, "I", [], {"effect": "regime_change", "layer_scope": "unexpired"}),
    ("F4", IMPORT, "III", [], {"effect": "exit", "is_waste": True}),
    (
        "F4",
        IMPORT,
        "IV",
        [],
        {"effect": "regime_change", "destination": "regime_change"},
    ),
    ("F4", EXPORT, "II", [], {"effect": "none"}),
    ("F5", IMPORT, "I", [], {"effect": "regime_change", "goods_class": "fixed_asset"}),
    ("F5", IMPORT, "III", [], {"effect": "none"}),
    ("A3", IMPORT, "I", [], {"effect": "entry", "customs_status": "definitive"}),
    (
        "A3",
        IMPORT,
        None,
        [a3("1")],
        {"effect": "entry", "customs_status": "definitive"},
    ),
    ("A3", IMPORT, "II", [], {"effect": "regime_change", "layer_scope": "expired"}),
    (
        "A3",
        IMPORT,
        None,
        [a3("2A")],
        {"effect": "regime_change", "layer_scope": "expired"},
    ),
    ("A3", IMPORT, "II", [a3("5")], {"effect": "exit", "is_waste": True}),
    ("A3", IMPORT, None, [a3("11")], {"effect": "exit", "exit_kind": "regularization"}),
    ("BO", EXPORT, None, [], {"effect": "place"}),
    ("BO", IMPORT, None, [], {"effect": "place", "credit_effect": "charge"}),
    ("K1", IMPORT, "I", [], {"effect": "none"}),
    ("K1", EXPORT, "III", [], {"effect": "reverse"}),
    ("K1", EXPORT, "IV", [], {"effect": "exit"}),
    ("K1", EXPORT, "V", [], {"effect": "none"}),
    ("H1", EXPORT, None, [], {"effect": "none"}),
    ("CT", EXPORT, None, [], {"effect": "none"}),
    ("GC", IMPORT, None, [], {"effect": "none"}),
    ("D1", EXPORT, None, [], {"effect": "none"}),
]


@tagged("post_install", "-at_install")
class TestOperationRules(TransactionCase):
    def _match(self, key, *facts, **options):
        record = self.env["immex.pedimento.key"]._lookup(key)
        self.assertTrue(record, key)
        return self.env["immex.operation.rule"]._match(record, *facts, **options)

    def test_what_each_operation_does(self):
        for key, operation, case, identifiers, expected in CASES:
            with self.subTest(key=key, operation=operation, case=case):
                rule = self._match(key, operation, case, identifiers)
                self.assertTrue(rule, "no rule")
                for name, value in expected.items():
                    found = rule[name]
                    if name == "legal_source":
                        self.assertIn(value, found)
                    else:
                        self.assertEqual(found, value, rule.name)

    def test_what_no_rule_covers_is_told(self):
        # A3 needs its case or its identifier; a rectification follows its original
        self.assertFalse(self._match("A3", IMPORT))
        self.assertFalse(self._match("R1", IMPORT))
        self.assertFalse(self._match("IN", EXPORT))

    def test_reading_of_identifiers_is_tolerant(self):
        rule = self._match("V1", IMPORT, None, [("v1", ("x", " cn ", None))])
        self.assertEqual(rule.origin_class, "virtual_national")

    def test_the_more_specific_rule_wins(self):
        rules = self.env["immex.operation.rule"]
        key = self.env["immex.pedimento.key"]._lookup("A4")
        values = {
            "key_id": key.id,
            "operation_type": IMPORT,
            "effect": "none",
            "legal_source": "Test",
        }
        options = {
            "regime": {"regime_id": self.env["immex.regime"]._lookup("DFI").id},
            "identifier": {"identifier_code": "IM"},
            "complement": {
                "identifier_code": "IM",
                "identifier_complement": "X",
                "sequence": 99,
            },
            "case": {"case": "I", "sequence": 99},
        }
        facts = (key, IMPORT, "I", [("IM", ("X", "", ""))])
        for name, option in options.items():
            rule = rules.create({**values, **option, "name": name})
            self.assertEqual(rules._match(*facts), rule, name)
        # each needs its own fact
        self.assertEqual(rules._match(key, IMPORT, "I").name, "case")
        self.assertEqual(rules._match(key, IMPORT, None, facts[3]).name, "complement")
        other = [("IM", ("Y", "", ""))]
        self.assertEqual(rules._match(key, IMPORT, None, other).name, "identifier")
        self.assertEqual(rules._match(key, IMPORT).name, "regime")
        imd = self.env["immex.regime"]._lookup("IMD")
        general = self.env.ref("immex_compliance.rule_a4_import")
        self.assertEqual(rules._match(key, IMPORT, regime=imd), general)

    def test_rules_are_dated(self):
        rules = self.env["immex.operation.rule"]
        old = self.env.ref("immex_compliance.rule_in")
        new = old.copy({"valid_from": "2027-01-01", "name": "From 2027"})
        old.valid_to = "2026-12-31"
        day = {
            date(2026, 12, 31): old,
            date(2027, 1, 1): new,
        }
        for when, expected in day.items():
            self.assertEqual(self._match("IN", IMPORT, date=when), expected)
        new.active = False
        self.assertFalse(self._match("IN", IMPORT, date=date(2027, 1, 1)))
        self.assertEqual(rules._match(old.key_id, IMPORT), old)

    def test_exits_say_where_they_are_reported(self):
        exits = self.env["immex.operation.rule"].search(
            [("credit_effect", "=", "discharge")]
        )
        self.assertTrue(exits)
        self.assertFalse(exits.filtered(lambda rule: not rule.destination))
