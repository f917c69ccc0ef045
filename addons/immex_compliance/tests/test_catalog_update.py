# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import gzip
import random
from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..models.catalog.immex_tariff_item_update import COLUMNS as ITEM_COLUMNS
from ..models.catalog.update_file import MAX_BYTES, UpdateRefused, read_update

ITEMS = "code,name,unit,valid_from,valid_to\n"
RATES = "code,flow,rate,specific,valid_from,valid_to,source,verified\n"
CABLE = "8544429904"


@tagged("post_install", "-at_install")
class TestCatalogUpdate(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.items = cls.env["immex.tariff.item"]
        cls.rates = cls.env["immex.tariff.rate"]
        cls.rates.search([]).unlink()
        cls.cable = cls.items._lookup(CABLE)
        cls.name, cls.unit = cls.cable.name, cls.cable.unit_id.code

    def _items(self, text, **options):
        return self.items._load_update((ITEMS + text).encode(), "items.csv", **options)

    def _rates(self, text, **options):
        return self.rates._load_update((RATES + text).encode(), "rates.csv", **options)

    def _counts(self, result):
        return (result.added, result.corrected, result.closed, result.unchanged)

    def _refused(self, load, text):
        before = self.items.search_count([]), self.rates.search_count([])
        with self.assertRaises(UpdateRefused) as caught:
            load(text)
        after = self.items.search_count([]), self.rates.search_count([])
        self.assertEqual(before, after)
        return "\n".join(caught.exception.errors)

    # Tariff items

    def test_changed_item_is_closed_and_added(self):
        product = self.env["product.product"].create(
            {"name": "Cable", "immex_tariff_item_id": self.cable.id}
        )
        result = self._items(f"{CABLE},Otro texto,6,2027-01-01,\n")
        self.assertEqual(self._counts(result), (1, 0, 1, 0))
        self.assertEqual(self.cable.valid_to, date(2026, 12, 31))
        self.assertEqual(self.cable.name, self.name)
        new = self.items._lookup(CABLE, date(2027, 1, 1))
        self.assertEqual((new.name, new.unit_id.code), ("Otro texto", "6"))
        self.assertEqual((new.fraccion, new.nico), ("85444299", "04"))
        self.assertEqual(self.items._lookup(CABLE, date(2026, 12, 31)), self.cable)
        # what a user recorded stays
        self.assertEqual(product.immex_tariff_item_id, self.cable)
        # the same file again changes nothing
        again = self._items(f"{CABLE},Otro texto,6,2027-01-01,\n")
        self.assertEqual(self._counts(again), (0, 0, 0, 1))

    def test_restated_item_is_unchanged(self):
        result = self._items(f'{CABLE},"{self.name}",{self.unit},2026-06-01,\n')
        self.assertEqual(self._counts(result), (0, 0, 0, 1))
        self.assertFalse(self.cable.valid_to)

    def test_item_is_corrected_and_closed_by_the_file(self):
        start = self.cable.valid_from
        result = self._items(
            f"8544.42.99 04,Corregido,{self.unit.zfill(2)},{start},2026-12-31\n"
        )
        self.assertEqual(self._counts(result), (0, 1, 0, 0))
        self.assertEqual(self.cable.name, "Corregido")
        self.assertEqual(self.cable.valid_to, date(2026, 12, 31))
        # an entry once closed is not opened by a file that does not know it
        result = self._items(f"{CABLE},Corregido,{self.unit},{start},\n")
        self.assertEqual(self._counts(result), (0, 0, 0, 1))
        self.assertEqual(self.cable.valid_to, date(2026, 12, 31))

    def test_history_in_one_file(self):
        result = self._items(
            "9999010100,Tercero,6,2029-01-01,\n"
            "9999010100,Primero,6,2027-01-01,\n"
            "9999010100,Segundo,6,2028-01-01,2028-06-30\n"
        )
        self.assertEqual(result.added, 3)
        entries = self.items.search([("code", "=", "9999010100")], order="valid_from")
        self.assertEqual(
            entries.mapped("valid_to"), [date(2027, 12, 31), date(2028, 6, 30), False]
        )
        # one that came late ends where the next starts
        self._items("9999010100,Entre,6,2027-06-01,\n")
        late = self.items._lookup("9999010100", date(2027, 7, 1))
        self.assertEqual((late.name, late.valid_to), ("Entre", date(2027, 12, 31)))
        self.assertEqual(entries[0].valid_to, date(2027, 5, 31))

    def test_whole_tariff_closes_what_it_lacks(self):
        in_force = self.items.search_count(self.items._valid_domain(date(2027, 1, 1)))
        result = self._items(
            f'{CABLE},"{self.name}",{self.unit},2027-01-01,\n',
            edition_date=date(2027, 1, 1),
        )
        self.assertEqual((result.added, result.closed), (0, in_force - 1))
        left = self.items.search(self.items._valid_domain(date(2027, 1, 1)))
        self.assertEqual(left, self.cable)
        self.assertLessEqual(len(result.changes), 1000)

    def test_bad_items_are_refused(self):
        for text, expected in (
            ("854442999,X,6,2027-01-01,\n", "line 2, column code"),
            (f"{CABLE},X,99,2027-01-01,\n", "unknown unit 99"),
            (f"{CABLE},,6,2027-01-01,\n", "column name: empty"),
            (f"{CABLE},X,6,01/01/2027,\n", "column valid_from"),
            (f"{CABLE},X,6,2027-02-30,\n", "column valid_from"),
            (f"{CABLE},X,6,2027-01-01,2026-01-01\n", "before valid_from"),
            (f"{CABLE},X,6,2027-01-01\n", "line 2: 4 cells instead of 5"),
            (f"{CABLE},X,6,2027-01-01,\n" * 2, "line 3, code 8544429904 twice"),
            ("", "no rows"),
            ('8544429904,"open,6,2027-01-01,\n', "line 2"),
            ("٨٥٤٤٤٢٠٤٩٩,X,6,2027-01-01,\n", "column code"),
        ):
            with self.subTest(text=text):
                self.assertIn(expected, self._refused(self._items, text))
        load = self.items._load_update
        for data, expected in (
            (b"", "missing column"),
            (b"code,name\n", "missing column(s) unit, valid_from"),
            (ITEMS.replace("unit", "unit,extra").encode(), "unknown column(s) extra"),
            (b"\x7fELF\x00\x00", "not a text file"),
            (b"\x1f\x8bnonsense", "broken gzip"),
            (gzip.compress(b"0" * (MAX_BYTES + 1)), "larger than"),
        ):
            with (
                self.subTest(data=data[:20]),
                self.assertRaises(UpdateRefused) as caught,
            ):
                load(data, "bad.csv")
            self.assertIn(expected, str(caught.exception))
            self.assertIn("bad.csv", str(caught.exception))

    def test_no_input_breaks_the_reader(self):
        """Whatever bytes come in: rows, or a refusal that names the file."""
        good = (ITEMS + f"{CABLE},Texto,6,2027-01-01,\n" * 3).encode()
        source = random.Random(22)
        outcomes = set()
        for _attempt in range(400):
            data = bytearray(good)
            for _change in range(source.randint(0, 6)):
                at = source.randrange(len(data))
                data[at : at + source.randint(0, 9)] = source.randbytes(
                    source.randint(0, 4)
                )
            if source.random() < 0.2:
                data = gzip.compress(data)[: source.randint(5, 80)]
            try:
                rows = read_update(bytes(data), "fuzz.csv", ITEM_COLUMNS)
                outcomes.add(len(rows))
            except UpdateRefused as refused:
                outcomes.add("refused")
                self.assertTrue(all("fuzz.csv" in text for text in refused.errors))
        self.assertGreaterEqual(outcomes, {"refused", 3})

    def test_latin_1_is_read(self):
        text = ITEMS + "9999010100,Algodón,6,2027-01-01,\n"
        for encoding in ("latin-1", "utf-8-sig"):
            self.items.search([("code", "=", "9999010100")]).unlink()
            self.items._load_update(text.encode(encoding), "items.csv")
            self.assertEqual(self.items._lookup("9999010100").name, "Algodón")

    # Duty rates

    def test_rates_by_fraccion_and_by_nico(self):
        nicos = self.items.search_count([("fraccion", "=", "85444299")])
        result = self._rates(
            "85444299,import,5,,2026-01-01,,DOF,1\n"
            f"{CABLE},export,0,,2026-01-01,,DOF,1\n"
        )
        self.assertEqual(self._counts(result), (nicos + 1, 0, 0, 0))
        self.assertEqual(
            self.rates._rates_at([CABLE], "import", date(2026, 5, 1)),
            {CABLE: (Decimal(5), None, True)},
        )

    def test_changed_rate_is_closed_and_added(self):
        self._rates(f"{CABLE},import,5,,2026-01-01,,Old,\n")
        result = self._rates(f"{CABLE},import,12.5,,2026-07-01,,New,1\n")
        self.assertEqual(self._counts(result), (1, 0, 1, 0))
        at = self.rates._rates_at
        before = at([CABLE], "import", date(2026, 6, 30))
        self.assertEqual(before, {CABLE: (Decimal(5), None, False)})
        after = at([CABLE], "import", date(2026, 7, 1))
        self.assertEqual(after, {CABLE: (Decimal("12.5"), None, True)})
        again = self._rates(f"{CABLE},import,12.50,,2026-07-01,,New,1\n")
        self.assertEqual(self._counts(again), (0, 0, 0, 1))
        corrected = self._rates(f"{CABLE},import,,0.36 USD/kg,2026-07-01,,New,1\n")
        self.assertEqual(self._counts(corrected), (0, 1, 0, 0))
        self.assertEqual(
            at([CABLE], "import", date(2026, 7, 1)),
            {CABLE: (None, "0.36 USD/kg", True)},
        )

    def test_rate_follows_the_code_over_a_new_entry_of_the_tariff(self):
        self._rates(f"{CABLE},import,5,,2026-01-01,,Old,\n")
        self._items(f"{CABLE},Otro texto,6,2027-01-01,\n")
        result = self._rates(f"{CABLE},import,7,,2027-01-01,,New,\n")
        self.assertEqual(self._counts(result), (1, 0, 1, 0))
        new = self.rates.search([("rate", "=", 7)])
        self.assertEqual(
            new.tariff_item_id, self.items._lookup(CABLE, date(2027, 1, 1))
        )
        at = self.rates._rates_at([CABLE], "import", date(2026, 12, 31))
        self.assertEqual(at[CABLE][0], Decimal(5))

    def test_bad_rates_are_refused(self):
        for text, expected in (
            (f"{CABLE},import,,,2026-01-01,,DOF,\n", "both empty"),
            (f"{CABLE},import,NaN,,2026-01-01,,DOF,\n", "column rate"),
            (f"{CABLE},import,-1,,2026-01-01,,DOF,\n", "column rate"),
            (f"{CABLE},import,1.12345678901,,2026-01-01,,DOF,\n", "column rate"),
            (f"{CABLE},inward,1,,2026-01-01,,DOF,\n", "column flow"),
            (f"{CABLE},import,1,,2026-01-01,,,\n", "column source: empty"),
            (f"{CABLE},import,1,,2026-01-01,,DOF,yes\n", "column verified"),
            ("9999999999,import,1,,2026-01-01,,DOF,\n", "unknown tariff item"),
            (
                "85444299,import,1,,2026-01-01,,DOF,\n"
                f"{CABLE},import,2,,2026-01-01,,DOF,\n",
                "twice from 2026-01-01",
            ),
        ):
            with self.subTest(text=text):
                self.assertIn(expected, self._refused(self._rates, text))

    # The wizard

    def _wizard(self, text, **values):
        administrator = new_test_user(
            self.env, "cat_updater", groups="immex_compliance.group_administrator"
        )
        return (
            self.env["immex.catalog.update"]
            .with_user(administrator)
            .create(
                {
                    "data": base64.b64encode(gzip.compress(text.encode())),
                    "filename": "C:\\files\\update.csv.gz",
                    **values,
                }
            )
        )

    def test_wizard_checks_then_applies(self):
        wizard = self._wizard(ITEMS + f"{CABLE},Otro texto,6,2027-01-01,\n")
        wizard.action_check()
        self.assertEqual((wizard.state, wizard.added, wizard.closed), ("checked", 1, 1))
        self.assertEqual(len(wizard.line_ids), 2)
        self.assertFalse(self.cable.valid_to)
        wizard.action_apply()
        self.assertEqual((wizard.state, wizard.added, wizard.closed), ("done", 1, 1))
        self.assertEqual(self.cable.valid_to, date(2026, 12, 31))
        self.assertFalse(wizard.data)

    def test_wizard_shows_why_it_refuses(self):
        wizard = self._wizard(
            RATES + f"{CABLE},import,x,,2026-01-01,,DOF,\n", kind="rate"
        )
        for action in (wizard.action_check, wizard.action_apply):
            action()
            self.assertEqual(wizard.state, "refused")
            self.assertIn("update.csv.gz, line 2, column rate", wizard.line_ids.text)
        self.assertFalse(self.rates.search_count([]))

    def test_wizard_wants_a_file(self):
        wizard = self._wizard("")
        wizard.data = False
        self.assertRaises(UserError, wizard.action_check)
