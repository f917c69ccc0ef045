# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.immex_compliance.models.regularization.bills import _options
from odoo.addons.immex_compliance.models.regularization.calculation import (
    ZERO,
    Fine,
    Levy,
    bill,
    duty_paid,
    fine_range,
)
from odoo.addons.immex_compliance.models.regularization.sources_sql import (
    fines,
    tables,
)
from odoo.addons.immex_compliance.tests.regularization_case import RegularizationCase

AMOUNTS = ("igi", "cc", "dta", "iva", "surcharges")


@tagged("post_install", "-at_install")
class TestWaysOut(RegularizationCase):
    """The ways out of a layer against the proposals, and against plain arithmetic."""

    def _ways(self, layer, day="2026-11-20", **entered):
        out = self.env["immex.way.out"].search([("layer_id", "=", layer.id)])
        out = out or self.env["immex.way.out"].create(
            {"layer_id": layer.id, "date": day}
        )
        out.write({"date": day, **entered})
        return out

    def _line(self, out, way):
        return out.line_ids.filtered(lambda line: line.way == way)

    def _amounts(self, out, way):
        """Exact amounts of a way: {name: Decimal or None}."""
        names = (*AMOUNTS, "fine_min", "fine_max", "total_min", "total_max")
        columns = ", ".join(f"{name}::text" for name in names)
        self.env.flush_all()
        self.env.cr.execute(
            f"SELECT {columns} FROM immex_way_out_line"
            " WHERE way_out_id = %s AND way = %s",
            [out.id, way],
        )
        (row,) = self.env.cr.fetchall()
        return {
            name: None if text is None else Decimal(text)
            for name, text in zip(names, row, strict=True)
        }

    def _states(self, out):
        return {line.way: line.state for line in out.line_ids}

    def _rows(self, code, day):
        run = self.env["immex.report.run"].create(
            {"company_id": self.company.id, "code": code, "date_to": day}
        )
        run._fill()
        names = [column.name for column in run._report().columns]
        return [dict(zip(names, row, strict=True)) for row in run._rows()]

    # what may be done, until when ------------------------------------------------
    def test_within_the_term(self):
        layer = self._expired()
        safe = layer.term_safe_date
        out = self._ways(layer, safe - timedelta(30))
        self.assertEqual(
            self._states(out),
            {
                "rt": "open",
                "v1": "conditional",  # not in the same state
                "f4": "open",
                "destruction": "conditional",  # of waste
                "a3": "closed",
                "idle": "idle",
            },
        )
        self.assertEqual(self._line(out, "rt").start_by, safe)
        self.assertEqual(self._line(out, "destruction").start_by, safe - timedelta(30))
        self.assertFalse(self._line(out, "a3").total_min)
        self.assertIsNone(self._amounts(out, "a3")["total_min"])
        # a notice of the next day would end after the term
        out = self._ways(layer, safe - timedelta(29))
        self.assertEqual(self._states(out)["destruction"], "closed")
        self.assertIn("thirty days", self._line(out, "destruction").reason)
        # on its last day a layer is not expired
        out = self._ways(layer, layer.term_end)
        self.assertEqual(self._states(out)["f4"], "open")
        self.assertEqual(self._amounts(out, "rt")["total_max"], 0)

    def test_past_the_term(self):
        layer = self._expired()
        out = self._ways(layer, layer.term_end + timedelta(16))
        self.assertEqual(
            self._states(out),
            {
                "rt": "late",
                "v1": "late",
                "f4": "closed",
                "destruction": "closed",
                "a3": "open",
                "idle": "idle",
            },
        )
        # two periods of fifteen days or fraction, at most the value of 3,600
        late = self._amounts(out, "rt")
        self.assertEqual((late["fine_min"], late["fine_max"]), (3600, 3600))
        out = self._ways(layer, layer.term_end + timedelta(1))
        late = self._amounts(out, "rt")
        self.assertEqual((late["fine_min"], late["fine_max"]), (3020, 3600))

    def test_classes_and_programmes_of_their_own(self):
        layer = self._expired()
        self.env.cr.execute(
            "UPDATE immex_layer SET goods_class = 'container' WHERE id = %s", [layer.id]
        )
        self.env.invalidate_all()
        day = layer.term_safe_date - timedelta(60)
        states = self._states(self._ways(layer, day))
        self.assertEqual((states["v1"], states["f4"]), ("open", "conditional"))
        self.env.cr.execute(
            "UPDATE immex_layer SET goods_class = 'fixed_asset', term_end = NULL,"
            " term_safe_date = NULL WHERE id = %s",
            [layer.id],
        )
        self.env.invalidate_all()
        out = self._ways(layer, day)
        self.assertEqual(self._states(out)["f4"], "open")
        self.assertFalse(self._line(out, "f4").start_by)
        self.assertIn("1.6.10", self._line(out, "f4").reason)
        program = self.env["immex.program"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "immex")]
        )
        self.env.cr.execute(
            "UPDATE immex_layer SET goods_class = 'material' WHERE id = %s", [layer.id]
        )
        program.modality = "services"
        self.env.invalidate_all()
        self.assertEqual(self._states(self._ways(layer, day))["v1"], "open")

    # what it costs ---------------------------------------------------------------
    def test_a3_is_what_its_proposal_says(self):
        layer = self._expired(declared=100, exported=30)
        nothing = dict.fromkeys(
            ("igi_known", "cc_known", "no_dta", "restricted"), False
        )
        for entered in (
            {},
            {"cc_known": True, "cc_rate": 12.5},
            {"no_dta": True, "restricted": True},
            {"igi_known": True, "igi_rate": 3.75, "rate_note": "PROSEC"},
        ):
            with self.subTest(entered=entered):
                proposal = self._propose(
                    layer,
                    cc_rate=entered.get("cc_rate", 0),
                    no_dta=entered.get("no_dta", False),
                    restricted=entered.get("restricted", False),
                    igi_source="manual" if "igi_rate" in entered else "tariff",
                    igi_rate=entered.get("igi_rate", 5),
                    rate_note="PROSEC",
                )
                self.assertFalse(proposal.problem)
                out = self._ways(layer, **(nothing | entered))
                told = self._amounts(out, "a3")
                self.assertEqual(told["total_min"], proposal.total)
                self.assertEqual(
                    out.rate_source, "entered" if "igi_rate" in entered else "tariff"
                )
                self.assertGreater(told["total_min"], 0)
                idle = self._amounts(out, "idle")
                self.assertEqual(idle["fine_min"], proposal.idle_fine_min)
                self.assertEqual(idle["fine_max"], proposal.idle_fine_max)
                self.assertEqual(
                    idle["total_max"], proposal.idle_total + proposal.idle_fine_max
                )
                lines = self._lines(proposal)
                for name, code in zip(AMOUNTS, ("6", "2", "1", "3", "7"), strict=True):
                    payable = lines[code][-1] if code in lines else 0
                    self.assertEqual(told[name], Decimal(payable), name)

    def test_what_the_import_declared_and_paid(self):
        layer = self._expired(declared=100, exported=30, rate=10)
        partida = layer.pedimento_id
        self._contribution(partida, kind="amount", payment_form="0", amount=77)
        self._contribution(
            partida, code="2", kind="amount", payment_form="5", amount=10
        )
        out = self._ways(layer)
        self.assertEqual((out.rate_source, out.used_rate), ("declared", 10))
        # a countervailing duty was declared, but not its rate
        self.assertEqual(out.missing, "cc")
        self.assertIsNone(self._amounts(out, "a3")["total_min"])
        self.assertIn("UNKNOWN", self._line(out, "a3").reason)
        out = self._ways(layer, cc_known=True, cc_rate=0)
        proposal = self._propose(layer)
        self.assertEqual(self._amounts(out, "a3")["total_min"], proposal.total)
        self.assertEqual(proposal.igi_source, "declared")

    def test_duty_paid_at_the_import(self):
        """The fine is that of exempt goods, not a percentage of nothing."""
        layer = self._expired()
        self._contribution(
            layer.pedimento_id, kind="amount", payment_form="0", amount=180
        )
        idle = self._amounts(self._ways(layer), "idle")
        self.assertEqual((idle["fine_min"], idle["fine_max"]), (1080, 1800))
        (row,) = self._rows("vencimientos", "2026-11-20")
        self.assertEqual((row["multa_min"], row["multa_max"]), (1080, 1800))

    def test_what_is_missing_is_unknown(self):
        layer = self._expired()
        self.rates.unlink()
        out = self._ways(layer)
        self.assertEqual((out.missing, out.rate_source), ("igi", "unknown"))
        told = self._amounts(out, "a3")
        self.assertEqual((told["igi"], told["iva"], told["total_max"]), (None,) * 3)
        self.assertGreater(told["dta"], 0)
        (row,) = self._rows("vencimientos", "2026-11-20")
        self.assertEqual(row["faltan"], "tasa de IGI")
        self.assertIsNone(row["costo_a3"])
        self.assertIsNone(row["multa_max"])
        (row,) = self._rows("vencimientos_mes", "2026-11-20")
        self.assertEqual((row["capas"], row["incompletas"]), (1, 1))
        self.assertIsNone(row["costo_a3"])
        # entered on the form, it serves the report as well
        self._ways(layer, igi_known=True, igi_rate=5, rate_note="TIGIE")
        (row,) = self._rows("vencimientos", "2026-11-20")
        self.assertEqual(row["costo_a3"], self._amounts(out, "a3")["total_min"])
        self.assertIsNone(row["faltan"])
        self.company.immex_last_index = False
        for name, key in (
            ("immex.price.index", "inpc"),
            ("immex.surcharge.rate", "surcharges"),
        ):
            with self.subTest(table=name):
                self.env[name].search([("month", "=", "2026-10-01")]).unlink()
                out.action_compute()
                self.assertIn(key, out.missing)
        # no index is needed where nothing is owed, nor in the month of the import
        out = self._ways(layer, igi_rate=0)
        self.assertFalse(out.missing)

    @settings(
        max_examples=25,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def _against_arithmetic(self, layer, partida, data):
        draw = data.draw
        money = st.decimals(0, 10**6, places=2)
        value = draw(st.decimals("0.01", 10**7, places=2))
        since = draw(st.dates(date(2024, 2, 1), date(2026, 10, 31)))
        day = draw(st.dates(date(2026, 1, 2), date(2026, 12, 28)))
        if since > day:
            since = day
        end = draw(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
        igi = draw(st.decimals(0, 60, places=4))
        cc = draw(st.sampled_from([ZERO, Decimal("17.31")]))
        cash, cc_cash = draw(money), draw(money)
        self.company.write(
            {
                "immex_factor_rounding": draw(st.sampled_from(["truncate", "round"])),
                "immex_last_index": draw(st.booleans()),
                "immex_surcharge_count": draw(
                    st.sampled_from(["calendar", self.count])
                ),
                "immex_surcharge_cap": draw(st.sampled_from([0, 3, 60])),
                "immex_vat_on_surcharges": draw(st.booleans()),
            }
        )
        self.levies.write({"dated_back": draw(st.booleans())})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE immex_layer SET customs_value = %s, commercial_value = NULL,"
            " peps_date = %s, term_start = %s, term_end = %s, term_safe_date = %s"
            " WHERE id = %s",
            [value, since, since, end, end, layer.id],
        )
        self.env.cr.execute(
            "UPDATE immex_pedimento_partida SET customs_value = %s WHERE id = %s",
            [value * 2, partida.id],
        )
        for code, amount in (("6", cash), ("2", cc_cash)):
            self.env.cr.execute(
                "UPDATE immex_pedimento_contribution SET amount = %s"
                " WHERE partida_id = %s AND code = %s",
                [amount, partida.id, code],
            )
        self.env.invalidate_all()
        out = self._ways(
            layer,
            day,
            igi_known=True,
            igi_rate=float(igi),
            rate_note="x",
            cc_known=True,
            cc_rate=float(cc),
        )
        expected = {}
        dated = self.levies[0].dated_back
        for way, known in (
            ("f4", self._free_of_surcharges()),
            ("a3", tables(self.env.cr)),
        ):
            back = since if dated else None
            levies = [Levy("6", "percent", igi, cash / 2, since=since)]
            if cc:
                levies.append(Levy("2", "percent", cc, cc_cash / 2, since=since))
            levies.append(Levy("1", "mille", Decimal(8), since=back))
            vat = Levy("3", "percent", Decimal(16), since=back)
            expected[way] = bill(value, levies, vat, known, day, _options(self.company))
        for way, made in expected.items():
            told = self._amounts(out, way)
            if self._line(out, way).state == "closed":
                self.assertIsNone(told["total_min"])
                continue
            self.assertFalse(made.missing)
            paid = {line.code: line.payable for line in made.lines}
            for name, code in zip(AMOUNTS, ("6", "2", "1", "3", "7"), strict=True):
                self.assertEqual(told[name], paid.get(code, ZERO), (way, name))
            self.assertEqual(told["total_min"], made.total)
        idle = self._amounts(out, "idle")
        owed = {
            line.code: max(line.amount - line.paid, ZERO)
            for line in expected["a3"].lines
        }
        bases = {
            "duties": owed["6"],
            "vat": owed["3"],
            "commercial": value,
            "customs": value,
        }
        met = {"any", "duty" if igi and not duty_paid(expected["a3"]) else "exempt"}
        found = [
            fine_range(Fine(*fine), bases, (day - end).days)
            for _id, situation, condition, *fine in fines(self.env.cr, day)
            if situation == "expired" and condition in met
        ]
        low, high = max(found, key=lambda fine: (fine[1], fine[0]))
        self.assertEqual((idle["fine_min"], idle["fine_max"]), (low, high))

    def _free_of_surcharges(self):
        known = tables(self.env.cr)
        return type(known)(known.index, dict.fromkeys(known.surcharge, ZERO))

    def test_the_sums_are_those_of_the_calculation(self):
        layer = self._expired()
        self.count = self.company.immex_surcharge_count
        self.levies = self.env["immex.levy.rate"].search([])
        self.levies.write({"valid_from": "2020-01-01"})
        self.env["immex.fine"].search([]).write({"valid_from": "2020-01-01"})
        for index, record in enumerate(
            self.env["immex.price.index"].search([], order="month")
        ):
            record.value = 100 + index * 37 % 11 + index / 7
        self._contribution(
            layer.pedimento_id, kind="amount", payment_form="0", amount=1
        )
        self._contribution(
            layer.pedimento_id, code="2", kind="amount", payment_form="0", amount=1
        )
        self._against_arithmetic(layer, layer.partida_id)

    # one source ------------------------------------------------------------------
    def test_home_months_and_reports_agree(self):
        first, second = self._expired(exported=30), None
        second = self._pedimento("IN", "1", "2025-02-03", [(self.material, 7)])
        self._transfer("incoming", "2025-02-03", [(self.material, 7)], second)
        self._contribution(
            first.pedimento_id, kind="amount", payment_form="5", amount=1001
        )
        self._contribution(
            first.pedimento_id, "3", kind="amount", payment_form="21", amount=313
        )
        self._contribution(second, "2", kind="amount", payment_form="6", amount=11)
        self._contribution(second, "2", kind="rate", rate=3, rate_type="1")
        self._run()
        day = date(2026, 11, 20)
        home = self.env["immex.home"].with_context(immex_at_date=day)
        home = home.with_company(self.company)
        cards = {
            card["key"]: card
            for section in home.figures()["sections"]
            for card in section["cards"]
        }
        amounts = cards["expired"]["amounts"]
        rows = self._rows("vencimientos", day)
        self.assertEqual(cards["expired"]["count"], len(rows))
        names = ("diferido_igi", "diferido_iva", "diferido_cc", "diferido_otros")
        for tax, name in zip(("igi", "iva", "cc", "other"), names, strict=True):
            self.assertEqual(
                sum(row[name] for row in rows), Decimal(amounts.get(tax, 0))
            )
        self.assertGreater(sum(row["diferido_igi"] for row in rows), 0)
        for code, key in (("vencimientos_mes", "mes"), ("vencimientos_dia", "vence")):
            sums = self._rows(code, day)
            self.assertEqual(sum(row["capas"] for row in sums), len(rows))
            for told in sums:
                part = [row for row in rows if row[key] == told[key]]
                self.assertEqual(told["capas"], len(part))
                for name in (*names, "igi", "iva", "recargos", "multa_max", "costo_a3"):
                    self.assertEqual(told[name], sum(row[name] for row in part), name)
        months = self.env["immex.expiry.month"]
        self.patch(self.env.registry["immex.home"], "_today", lambda _home: day)
        months._scan(self.company)
        told = months.search([("company_id", "=", self.company.id)])
        self.assertEqual(
            sum(told.mapped("stake")), float(sum(row[n] for row in rows for n in names))
        )
        action = told[0].action_ways_out()
        shown = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(shown), told[0].layer_count)
        out = self._ways(first)
        self.assertEqual(out.deferred, float(sum(rows[0][n] for n in names)))

    # who -------------------------------------------------------------------------
    def test_who_may_do_what(self):
        layer = self._expired()
        user = new_test_user(
            self.env,
            "ways_user",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        action = layer.with_user(user).action_ways_out()
        out = self.env["immex.way.out"].with_user(user).browse(action["res_id"])
        self.assertEqual(layer.with_user(user).action_ways_out()["res_id"], out.id)
        # beside the layer in the breadcrumb: what it is, and of which
        self.assertEqual(out.display_name, f"Ways out of {layer.display_name}")
        with Form(out) as form:
            form.date = "2026-11-20"
            form.igi_known = True
            form.igi_rate = 2
            form.rate_note = "Treaty"
        self.assertEqual(out.used_rate, 2)
        with self.assertRaises(AccessError):
            out.write({"used_rate": 1})
        with self.assertRaises(AccessError):
            out.line_ids[0].write({"state": "open"})
        with self.assertRaises(UserError):
            out.write({"rate_note": " "})
        with self.assertRaises(UserError):  # nothing was there yet
            out.write({"date": "2024-01-01"})
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "ways_stranger",
            groups="immex_compliance.group_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        with (
            mute_logger("odoo.addons.base.models.ir_rule"),
            self.assertRaises(AccessError),
        ):
            out.with_user(stranger).read(["date"])

    def test_a_row_of_the_report_leads_there(self):
        layer = self._expired()
        run = self.env["immex.report.run"].create(
            {
                "company_id": self.company.id,
                "code": "vencimientos",
                "date_to": "2026-11-20",
            }
        )
        run._fill()
        action = run._screen()
        self.assertIn((False, "pivot"), action["views"])
        row = self.env[action["res_model"]].search(action["domain"])
        opened = row.action_ways_out()
        out = self.env[opened["res_model"]].browse(opened["res_id"])
        self.assertEqual(out.layer_id, layer)
