# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

# rows of the appendices of Anexo 22 (DOF 15-01-2026), of SAT's tariff, of the annexes
EXPECTED = {
    "immex.customs.office": 127,
    "immex.pedimento.key": 76,
    "immex.transport.mode": 13,
    "immex.country": 256,
    "immex.currency": 94,
    "immex.unit": 22,
    "immex.identifier": 168,
    "immex.container.type": 69,
    "immex.valuation.method": 7,
    "immex.contribution": 29,
    "immex.payment.form": 16,
    "immex.incoterm": 11,
    "immex.destination.zone": 11,
    "immex.regime": 10,
    "immex.rate.type": 10,
    "immex.tariff.item": 11519,
}


@tagged("post_install", "-at_install")
class TestCatalog(TransactionCase):
    def test_every_row_is_there(self):
        for model, count in EXPECTED.items():
            with self.subTest(model):
                shipped = self.env["ir.model.data"].search_count(
                    [("model", "=", model), ("module", "=", "immex_compliance")]
                )
                self.assertEqual(shipped, count)

    def test_known_entries(self):
        for model, code, text in (
            ("immex.pedimento.key", "IN", "Importación temporal de bienes"),
            ("immex.regime", "ITE", "IMMEX"),
            ("immex.payment.form", "21", "Crédito en IVA e IEPS"),
            ("immex.customs.office", "240", "Nuevo Laredo"),
            ("immex.unit", "6", "Pieza"),
        ):
            with self.subTest(model):
                self.assertIn(text, self.env[model]._lookup(code).name)
        identifiers = self.env["immex.identifier"].search([("code", "=", "EB")])
        self.assertEqual(identifiers.mapped("level"), ["P"])
        both = self.env["immex.identifier"].search([("code", "=", "TB")])
        self.assertEqual(sorted(both.mapped("level")), ["G", "P"])

    def test_office_without_section(self):
        offices = self.env["immex.customs.office"].search([("section", "=", False)])
        self.assertEqual(len(offices), 12)
        self.assertTrue(all(o.code == o.office and len(o.code) == 2 for o in offices))
        others = self.env["immex.customs.office"].search([("section", "!=", False)])
        self.assertTrue(all(o.code == o.office + o.section for o in others))

    def _lookup(self, model, code):
        return self.env[model]._lookup(code)

    def test_mapping_to_odoo(self):
        lookup = self._lookup
        self.assertEqual(
            lookup("immex.unit", "1").uom_id, self.env.ref("uom.product_uom_kgm")
        )
        # a thousand is not a unit of Odoo, and no guess is made
        self.assertFalse(lookup("immex.unit", "11").uom_id)
        for code, iso in (("USA", "US"), ("ROM", "RO"), ("ZYA", "NL"), ("GBR", "GB")):
            self.assertEqual(lookup("immex.country", code).country_id.code, iso)
        self.assertFalse(lookup("immex.country", "ANT").country_id)
        for code, iso in (("USD", "USD"), ("MXP", "MXN"), ("CNY", "CNY")):
            self.assertEqual(lookup("immex.currency", code).currency_id.name, iso)
        self.assertTrue(lookup("immex.currency", "CNE"))
        self.assertEqual(lookup("immex.incoterm", "FCA").incoterm_id.code, "FCA")
        countries = self.env["immex.country"].search([("country_id", "!=", False)])
        doubles = {}
        for country in countries:
            doubles.setdefault(country.country_id.code, []).append(country.code)
        self.assertEqual(
            {iso: codes for iso, codes in doubles.items() if len(codes) > 1},
            {"PS": ["GZA", "PSE"]},
        )

    def test_search_by_beginning_of_the_key(self):
        items = self.env["immex.tariff.item"]
        found = items.browse(
            id_ for id_, _name in items.name_search("8544.42", limit=0)
        )
        self.assertTrue(found)
        self.assertTrue(all(item.code.startswith("854442") for item in found))
        by_text = items.name_search("Reproductores de raza pura", limit=0)
        self.assertTrue(by_text)
        # what is typed is a text, not a pattern
        self.assertFalse(self.env["immex.regime"].name_search("%", limit=0))
        self.assertFalse(items.name_search("_101", limit=0))
        self.assertIn("8544.42.99", items._lookup("8544429904").display_name)

    def test_lookup_by_date_and_its_cache(self):
        items = self.env["immex.tariff.item"]
        # SAT split 0901.21.99 00 on 22-03-2024
        self.assertTrue(items._lookup("0901219900", date(2024, 2, 1)))
        self.assertFalse(items._lookup("0901219900", date(2024, 6, 1)))
        self.assertTrue(items._lookup("0901219999", date(2024, 6, 1)))
        regimes = self.env["immex.regime"]
        self.assertFalse(regimes._lookup("ZZZ"))
        added = regimes.create({"code": "ZZZ", "name": "Test"})
        self.assertEqual(regimes._lookup("ZZZ"), added)
        added.code = "ZZY"
        self.assertFalse(regimes._lookup("ZZZ"))
        added.unlink()
        self.assertFalse(regimes._lookup("ZZY"))

    def test_restrictions(self):
        restrictions = self.env["immex.restriction"]
        today = date(2026, 10, 1)
        diesel, lubricant = ("27101999", "03"), ("27101999", "02")
        blanket, cable = ("63012001", "00"), ("85444299", "04")
        blocked = restrictions._blocked([diesel, lubricant, blanket, cable], today)
        self.assertEqual(set(blocked), {diesel, blanket})
        self.assertEqual(blocked[diesel].kind, "petroleum")
        self.assertEqual(blocked[blanket].kind, "decree_annex_1")
        found = restrictions._check_items([diesel], today)[diesel]
        self.assertEqual(found.mapped("kind"), ["petroleum", "rgce_29"])
        # without the NICO nothing can be told apart
        self.assertIn(("27101999", ""), restrictions._blocked([("27101999", None)]))
        # Annex I as reformed is not applied to the past
        self.assertFalse(restrictions._blocked([blanket], date(2025, 8, 28)))
        self.assertTrue(restrictions._blocked([blanket], date(2025, 8, 29)))
        # sugar of Annex I may come in with Annex II, apartado A
        sugar = ("17011491", "00")
        self.assertEqual(
            restrictions._check_items([sugar], today)[sugar].mapped("kind"),
            ["decree_annex_1", "decree_annex_2"],
        )
        self.assertFalse(restrictions._blocked([sugar], today))
        annex_2 = restrictions.search([("kind", "=", "decree_annex_2")], limit=1)
        item = (annex_2.fraccion, "00")
        self.assertIn(annex_2, restrictions._check_items([item], today)[item])
        self.assertFalse(restrictions._blocked([item], today))
        self.assertEqual(restrictions._check_items([], today), {})
        # 370 of Annex I without 9 of sugar, 6 of Anexo 29, 5 petroleum products
        stops = restrictions.search([("blocking", "=", True)])
        self.assertEqual(len(stops), 361 + 6 + 5)
        self.assertTrue(all(stops.mapped("blocking")))
        rest = restrictions.search([("blocking", "=", False)])
        self.assertEqual(rest, restrictions.search([]) - stops)

    def test_annex_counts(self):
        counts = dict(
            self.env["immex.restriction"]._read_group([], ["kind"], ["__count"])
        )
        self.assertEqual(
            counts,
            {
                "decree_annex_1": 370,
                "decree_annex_2": 937,
                "rgce_28": 168,
                "rgce_29": 6,
                "petroleum": 5,
            },
        )

    def test_rates_are_exact_and_dated(self):
        rates = self.env["immex.tariff.rate"]
        item = self.env["immex.tariff.item"]._lookup("8544429904")
        common = {"tariff_item_id": item.id, "flow": "import", "source": "Test"}
        rates.create(
            [
                {
                    **common,
                    "rate": 5.1234567891,
                    "valid_from": "2025-01-01",
                    "valid_to": "2025-12-31",
                },
                {**common, "specific": "0.36 USD/kg", "valid_from": "2026-01-01"},
            ]
        )

        def at(day):
            return rates._rates_at([item.code], "import", day)

        self.assertEqual(at(date(2024, 12, 31)), {})
        self.assertEqual(
            at(date(2025, 6, 1)), {item.code: (Decimal("5.1234567891"), None, False)}
        )
        self.assertEqual(
            at(date(2026, 1, 1)), {item.code: (None, "0.36 USD/kg", False)}
        )
        self.assertEqual(rates._rates_at([item.code], "export", date(2026, 1, 1)), {})

    def test_users_read_and_administrators_write(self):
        user = new_test_user(self.env, "cat_user", groups="immex_compliance.group_user")
        administrator = new_test_user(
            self.env, "cat_admin", groups="immex_compliance.group_administrator"
        )
        models = [*EXPECTED, "immex.restriction", "immex.operation.rule"]
        for model in [*models, "immex.term.rule", "immex.tariff.rate"]:
            with self.subTest(model):
                self.assertTrue(self.env[model].with_user(user).has_access("read"))
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(
                        self.env[model].with_user(user).has_access(operation)
                    )
                    self.assertTrue(
                        self.env[model].with_user(administrator).has_access(operation)
                    )
        update = self.env["immex.catalog.update"].with_user(user)
        with mute_logger("odoo.addons.base.models.ir_model"):
            self.assertRaises(AccessError, update.create, {})


@tagged("post_install", "-at_install")
class TestCatalogEdition(TransactionCase):
    """What the next release of the module may do to a catalogue."""

    def _load(self, model, values, name):
        return self.env[model]._load_records(
            [
                {
                    "xml_id": f"immex_compliance.{name}",
                    "values": values,
                    "noupdate": False,
                }
            ],
            update=True,
        )

    def test_text_is_corrected_and_closing_stays(self):
        regime = self.env.ref("immex_compliance.regime_tra")
        regime.valid_to = "2026-12-31"
        text = {"code": "TRA", "name": "Tránsito corregido", "valid_to": False}
        self._load("immex.regime", text, "regime_tra")
        self.assertEqual(regime.name, "Tránsito corregido")
        self.assertEqual(regime.valid_to, date(2026, 12, 31))

    def test_what_is_so_already_is_not_written(self):
        regime = self.env.ref("immex_compliance.regime_tra")
        self.env.cr.execute(
            "UPDATE immex_regime SET write_date = '2020-01-01' WHERE id = %s",
            [regime.id],
        )
        regime.invalidate_recordset()
        same = {"code": "TRA", "name": regime.name, "valid_from": ""}
        self._load("immex.regime", same, "regime_tra")
        self.env.flush_all()
        regime.invalidate_recordset()
        self.assertEqual(regime.write_date.year, 2020)

    def test_a_mapping_that_a_person_chose_stays(self):
        unit = self.env.ref("immex_compliance.unit_7")
        unit.uom_id = self.env.ref("uom.product_uom_unit")
        self._load(
            "immex.unit", {"code": "7", "name": unit.name, "uom_id": False}, "unit_7"
        )
        self.assertEqual(unit.uom_id, self.env.ref("uom.product_uom_unit"))

    def test_an_entry_that_is_there_is_adopted(self):
        mine = self.env["immex.tariff.item"].create(
            {
                "fraccion": "99990101",
                "nico": "00",
                "name": "By an update file",
                "valid_from": "2027-01-01",
            }
        )
        values = {
            "code": "9999010100",
            "fraccion": "99990101",
            "nico": "00",
            "name": "By the release",
            "valid_from": "2027-01-01",
        }
        loaded = self._load("immex.tariff.item", values, "tariff_9999010100_20270101")
        self.assertEqual(loaded, mine)
        self.assertEqual(mine.name, "By the release")

    def test_an_entry_that_the_release_lacks_stays(self):
        zone = self.env.ref("immex_compliance.destination_zone_9")
        data = self.env["ir.model.data"]
        data._process_end_unlink_record(zone)
        self.assertTrue(zone.exists())
        self.assertTrue(
            data.search([("name", "=", "destination_zone_9")]).noupdate,
            "the next upgrade would ask again",
        )
        # what is no catalogue goes as always
        partner = self.env["res.partner"].create({"name": "Gone"})
        data._process_end_unlink_record(partner)
        self.assertFalse(partner.exists())
