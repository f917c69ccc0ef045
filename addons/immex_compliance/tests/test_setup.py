# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import csv
import io
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, new_test_user, tagged

from .ordinary_make import BROKER, FIRST, MATERIALS, Ordinary

ONE = timedelta(days=1)
MANAGER = (
    "immex_compliance.group_manager,stock.group_stock_user,mrp.group_mrp_user,"
    "purchase.group_purchase_user,sales_team.group_sale_salesman"
)


class SetupCase(TransactionCase):
    """Two years of an ordinary company, and a customs manager who is new to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made = Ordinary(cls.env, 3, "Ordinaria a Prueba S.A. de C.V.").make()
        cls.env = cls.made.env
        cls.company = cls.made.company
        cls.manager = new_test_user(
            cls.env,
            "setup_manager",
            groups=MANAGER,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.mine = cls.env(user=cls.manager)

    def _setup(self):
        action = self.mine["immex.setup"].action_open_company()
        return self.mine["immex.setup"].browse(action["res_id"])

    def _step(self, setup, code):
        """The step as a screen reads it now."""
        setup.env.invalidate_all()
        return setup.step_ids.filtered(lambda step: step.code == code)

    def _state(self, setup, code):
        return self._step(setup, code).state

    def _opened(self, action):
        """The record that an action opens."""
        return self.mine[action["res_model"]].browse(action["res_id"])

    def _listed(self, action):
        return self.mine[action["res_model"]].search(action["domain"])

    # the steps, each by what a person does ------------------------------------------
    def _programme(self, setup):
        wizard = self._opened(self._step(setup, "programme").action_open())
        with Form(wizard) as form:
            form.name = "7301-2018"
            form.valid_from = "2018-08-01"
        wizard.action_save()

    def _addresses(self, setup):
        wizard = self._opened(self._step(setup, "addresses").action_open())
        with Form(wizard) as form:
            for number in range(len(wizard.line_ids)):
                with form.line_ids.edit(number) as line:
                    line.street = "Carretera a Nogales 1200"
                    line.zip = "83000"
        wizard.action_save()

    def _one_stop(self, setup):
        """A name that ends in a full stop brings the sentence's own."""
        sites = self.env["immex.program"]._current(setup.company_id).site_ids
        sites.name = "Maquila SA de C.V."
        address = sites.partner_id[:1]
        address.zip = False
        setup.action_check()
        result = self._step(setup, "addresses").result
        self.assertRegex(result, r"C\.V\.$")
        self.assertNotIn("..", result)
        address.zip = "83000"
        setup.action_check()

    def _documents(self, setup):
        loading = self._opened(self._step(setup, "documents").action_open())
        door = loading.action_load_file()
        wizard = Form(self.mine[door["res_model"]].with_context(**door["context"]))
        wizard.data = base64.b64encode(self.made.data_stage())
        wizard.save().action_load()
        loading.action_record()
        loading.sudo().job_id._run_now()
        self.assertEqual(loading.sudo().job_id.state, "done")

    def _parts(self, setup):
        parts = self._listed(self._step(setup, "parts").action_open())
        parts.action_confirm()
        # what is made of them comes once they are known
        return self._listed(self._step(setup, "parts").action_open())

    def _discharge(self, setup):
        door = self._step(setup, "discharge").action_open()
        request = Form(self.mine[door["res_model"]].with_context(**door["context"]))
        job = self._opened(request.save().action_run())
        job.sudo()._run_now()
        self.assertEqual(job.state, "done", job.error)

    def _until_transfers(self):
        setup = self._setup()
        self._programme(setup)
        self._documents(setup)
        self._parts(setup)
        return setup


@tagged("post_install", "-at_install")
class TestSetup(SetupCase):
    def test_path(self):
        """From ordinary Odoo to a balance that is what bought less sold makes it."""
        setup = self._setup()
        self.assertEqual(set(setup.step_ids.mapped("state")), {"todo"})
        self.assertTrue(self._step(setup, "programme").is_next)
        self._programme(setup)
        self.assertEqual(self._state(setup, "programme"), "done")
        self.assertTrue(self.company.immex_in_use)
        self._addresses(setup)
        self.assertEqual(self._state(setup, "addresses"), "done")
        self._one_stop(setup)
        self._documents(setup)
        self.assertEqual(self._state(setup, "documents"), "done")
        self.assertEqual(self._state(setup, "parts"), "todo")
        pending = self._parts(setup).filtered(lambda part: part.state == "open")
        self.assertFalse(pending)
        self.assertEqual(self._state(setup, "parts"), "done")
        self.assertEqual(
            self._state(setup, "units"), "done", self._step(setup, "units").result
        )
        wizard = self._opened(self._step(setup, "status").action_open())
        wizard.action_save()
        self.assertEqual(self._state(setup, "status"), "done")
        self.assertEqual(self._state(setup, "transfers"), "todo")
        transfers = self._listed(self._step(setup, "transfers").action_open())
        self.assertEqual(len(transfers), 2 * len(self.made.days))
        self.assertEqual(set(transfers.mapped("reason")), {"same"})
        transfers.action_confirm()
        self.assertEqual(self._state(setup, "transfers"), "done")
        self.assertEqual(self._state(setup, "opening"), "none")
        self._not_while_it_runs(setup)
        self._discharge(setup)
        self.assertEqual(
            self._state(setup, "discharge"),
            "done",
            self._step(setup, "discharge").result,
        )
        self._step(setup, "reconciliation").action_open()
        self.assertEqual(
            self._state(setup, "reconciliation"),
            "done",
            self._step(setup, "reconciliation").result,
        )
        self._step(setup, "stock").action_open()
        self.assertEqual(
            self._state(setup, "stock"), "done", self._step(setup, "stock").result
        )
        self.assertEqual(
            self._state(setup, "balance"), "done", self._step(setup, "balance").result
        )
        self.assertEqual(self._left(), self.made.balance())
        setup.action_check()
        self.assertTrue(setup.finished_at)
        self.assertEqual(setup.open_count, 0)
        self.assertEqual(setup.part_count, len(MATERIALS))
        self.assertEqual(setup.short_count, 0)

    def _not_while_it_runs(self, setup):
        """A comparison made during a discharge would be of what was before it."""
        with self.assertRaises(UserError):
            self._step(setup, "stock").action_open()
        door = self._step(setup, "discharge").action_open()
        request = Form(self.mine[door["res_model"]].with_context(**door["context"]))
        job = self._opened(request.save().action_run())
        for code in ("reconciliation", "stock"):
            with self.assertRaisesRegex(UserError, "running"):
                self._step(setup, code).action_open()
        job.sudo().state = "cancelled"

    def _left(self):
        """``{code: quantity}`` of the layers with balance, exact."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT pp.default_code, sum(l.quantity - l.qty_discharged)
                 FROM immex_layer l JOIN product_product pp ON pp.id = l.product_id
                WHERE l.company_id = %s AND l.active
                  AND l.customs_status = 'temporary'
                GROUP BY 1""",
            (self.company.id,),
        )
        return {code: round(left, 6) for code, left in self.env.cr.fetchall()}

    # part codes ----------------------------------------------------------------
    def _part(self, code):
        return self.mine["immex.setup.part"].search(
            [("part_number", "=", code), ("company_id", "=", self.company.id)]
        )

    def _goods(self, code):
        return self.env["immex.pedimento.goods"].search(
            [("part_number", "=", code), ("company_id", "=", self.company.id)]
        )

    def _loaded(self):
        setup = self._setup()
        self._programme(setup)
        self._documents(setup)
        return setup

    def test_proposals(self):
        """Each code by what tells most of it, with the factor of its unit."""
        setup = self._loaded()
        parts = self._listed(self._step(setup, "parts").action_open())
        ours = {name[0]: code for code, name in BROKER.items()}
        # in a database without pg_trgm nothing is similar; here nothing needs to be
        expected = {
            "EOTERM12": (85, "code_loose", "material", "unit"),
            "EO CABLE 18": (85, "code_loose", "material", "unit"),
            "ACX-4417": (80, "supplier_loose", "material", "unit"),
            "RSN2C": (65, "words", "material", "weight"),
            "EO-LABEL-9": (100, "mapped", "material", "count"),
            "EOHARNA": (85, "code_loose", "product", "unit"),
            "EOHARNB-R2": (61, "begins", "product", "unit"),
        }
        found = {}
        for part in parts.filtered(lambda part: part.kind == "code"):
            found[part.part_number] = (
                part.score,
                part.reason,
                part.immex_class,
                part.factor_from,
            )
            self.assertEqual(part.product_id.default_code, ours[part.part_number])
            self.assertLess(part.deviation, 0.01, part.part_number)
            self.assertEqual(part.state, "open")
        self.assertEqual(found, expected)
        label = self._part("EO-LABEL-9")
        self.assertEqual((label.factor, label.part_quantity), (1, 1000))
        self.assertEqual(self._part("RSN2C").factor, 0.25)
        made = parts.filtered(lambda part: part.kind == "made")
        self.assertEqual(made.product_id.default_code, "EO-SUB-1")
        self.assertEqual(made.immex_class, "product")
        # what is domestic is proposed nowhere
        self.assertNotIn("EO-BOX-1", parts.product_id.mapped("default_code"))

    def test_confirmed_and_undone(self):
        setup = self._loaded()
        self._step(setup, "parts").action_open()
        part, product = self._part("RSN2C"), self.made.products["EO-RESIN-07"]
        part.action_confirm()
        self.assertEqual(self._state(setup, "parts"), "attention")
        self.assertEqual(product.immex_class, "material")
        self.assertEqual(product.immex_tariff_item_id.fraccion, "39073002")
        self.assertEqual(product.immex_customs_description, "RESINAS EPOXICAS")
        self.assertEqual(product.immex_factor_ids.factor, 0.25)
        goods = self._goods("RSN2C")
        self.assertEqual(goods.product_id, product)
        self.assertEqual(set(goods.mapped("quantity")), {100})
        with self.assertRaises(UserError):
            part.product_id = self.made.products["EO-BOX-1"]
        # a file that comes later needs nobody to say it again
        later = self.made.later_file("RSN2C")
        self.env["immex.pedimento.file"]._load_m3(
            self.company, io.BytesIO(later), "m3456002.275"
        )
        self.assertEqual(self._goods("RSN2C").product_id, product)
        part.action_undo()
        self.assertEqual(part.state, "open")
        self.assertFalse(product.immex_class or product.immex_factor_ids)
        self.assertFalse(product.immex_tariff_item_id)
        self.assertFalse(self._goods("RSN2C").product_id)
        self.assertEqual(
            set(self._goods("RSN2C").partida_id.mapped("detail_state")), {"unmapped"}
        )

    def test_many_in_the_background(self):
        setup = self._loaded()
        parts = self._listed(self._step(setup, "parts").action_open())
        target = "odoo.addons.immex_compliance.models.setup.immex_setup_part_confirm"
        with patch(f"{target}.INLINE", 3):
            job = self._opened(parts.action_confirm())
        self.assertEqual(set(parts.mapped("state")), {"confirmed"})
        self.assertFalse(self._goods("RSN2C").product_id)
        job.sudo()._run_now()
        self.assertEqual(job.state, "done", job.error)
        resin = self.made.products["EO-RESIN-07"]
        self.assertEqual(self._goods("RSN2C").product_id, resin)
        self.assertEqual(self._state(setup, "units"), "done")

    def test_a_person_knows_better(self):
        setup = self._loaded()
        self._step(setup, "parts").action_open()
        part, box = self._part("RSN2C"), self.made.products["EO-BOX-1"]
        part.product_id = box
        self.assertEqual((part.reason, part.score), ("person", 100))
        self.assertEqual(part.immex_class, "material")
        # a box weighs nothing in Odoo and none was bought abroad at such a pace
        self.assertEqual(part.factor_from, "received")
        self.assertTrue(part.factor)
        part.write({"factor": 0.3})
        self.assertEqual(part.factor_from, "person")
        part.product_id = False
        with self.assertRaises(UserError):
            part.action_confirm()
        part.action_reject()
        self._step(setup, "parts").action_open()
        self.assertEqual(self._part("RSN2C").state, "rejected", "it is not asked again")

    def test_one_product_one_class(self):
        setup = self._loaded()
        self._step(setup, "parts").action_open()
        harness = self.made.products["EO-HARN-A"]
        one, two = self._part("EOHARNA"), self._part("EOHARNB-R2")
        two.product_id = harness
        two.immex_class = "material"
        with self.assertRaisesRegex(UserError, "EO-HARN-A"):
            (one | two).action_confirm()
        self.assertEqual(set((one | two).mapped("state")), {"open"})

    # partidas without a code ------------------------------------------------------
    def _load(self, content, name):
        self.env["immex.pedimento.file"]._load_m3(
            self.company, io.BytesIO(content), name
        )

    def _described(self, *told):
        """Lines of the list of these partidas, which name no part."""
        setup = self._setup()
        self._programme(setup)
        self._load(self.made.uncoded_file(*told), "m3456003.275")
        parts = self._listed(self._step(setup, "parts").action_open())
        return setup, parts.filtered(lambda part: part.kind == "text")

    def test_described(self):
        """Accents, case, signs and the order of the words are no matter to find the
        product; a description alone is never sure, and settles nothing by itself."""
        told = (
            ("EO-RESIN-07", "BICOMPONENTES, RESINA DE EPOXICA"),
            ("EO-RESIN-07", "Bicomponentes  resina de Epóxica."),
            ("EO-CABLE-18", "WIRE 18 AWG"),
            ("EO-CONN-4P", "FERRETERIA VARIA"),
        )
        setup, parts = self._described(*told)
        found = {
            part.description: (
                part.product_id.default_code,
                part.score,
                part.reason,
                part.certainty,
                part.lines,
            )
            for part in parts
        }
        text = min(told[0][1], told[1][1])
        self.assertEqual(set(found), {text, "WIRE 18 AWG", "FERRETERIA VARIA"})
        self.assertEqual(found[text], ("EO-RESIN-07", 60, "text", "likely", 2))
        product, score, reason, certainty, _lines = found["WIRE 18 AWG"]
        self.assertEqual((product, reason), ("EO-CABLE-18", "words"))
        self.assertLessEqual(score, 50)
        self.assertIn(certainty, ("likely", "guess"))
        self.assertEqual(
            found["FERRETERIA VARIA"],
            (False, 0, "none", "none", 1),
            "nothing is made up",
        )
        self.assertEqual(set(parts.mapped("state")), {"open"})
        self.assertFalse(self._described_goods())
        self.assertEqual(self._state(setup, "parts"), "attention")
        listed = len(self._listed(self._step(setup, "parts").action_open()))
        told = f"{listed} of {listed}"
        self.assertIn(told, self._step(setup, "parts").result)

    def _described_goods(self):
        return self.env["immex.pedimento.goods"].search(
            [("company_id", "=", self.company.id), ("source", "=", "description")]
        )

    def test_described_and_confirmed(self):
        """Confirmed, it is the part of those partidas, past and to come; undone, they
        name no part again."""
        resin = self.made.products["EO-RESIN-07"]
        _setup, part = self._described(("EO-RESIN-07", "RESINA EPOXICA BICOMPONENTE"))
        self.assertEqual((part.factor, part.factor_from), (0.25, "weight"))
        part.action_confirm()
        goods = self._described_goods()
        self.assertEqual(goods.product_id, resin)
        self.assertEqual((goods.quantity, goods.qty_umc), (100, 25))
        self.assertEqual(goods.partida_id.detail_state, "done")
        self.assertEqual(goods.pedimento_id.state, "ready")
        again = self.made.uncoded_file(
            ("EO-LABEL-9", "OTRA COSA"), ("EO-RESIN-07", "resina epóxica, bicomponente")
        )
        first = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id)]
        )
        first.document = "9999999"
        self._load(again, "m3456004.275")
        self.assertEqual(len(self._described_goods()), 2)
        self.assertEqual(self._described_goods().product_id, resin)
        part.action_undo()
        self.assertFalse(self._described_goods())
        partidas = self.env["immex.pedimento.partida"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(set(partidas.mapped("detail_state")), {"missing"})
        self.assertFalse(resin.immex_class or resin.immex_factor_ids)

    def test_described_in_the_ledger(self):
        """A line that layers know stays when its description is undone, without its
        product, and takes it again."""
        resin = self.made.products["EO-RESIN-07"]
        _setup, part = self._described(("EO-RESIN-07", "RESINA EPOXICA BICOMPONENTE"))
        part.action_confirm()
        self.env["immex.discharge.run"]._run_here(self.company, "test")
        goods = self._described_goods()
        self.assertEqual(goods.layer_ids.product_id, resin)
        part.action_undo()
        self.assertFalse(goods.product_id)
        self.assertEqual(goods.partida_id.detail_state, "unmapped")
        part.action_confirm()
        self.assertEqual(goods.product_id, resin)
        self.assertEqual(goods.partida_id.detail_state, "done")

    # one product by several lines ---------------------------------------------------
    def _both(self):
        """Two codes in different units that mean one product without any field."""
        setup = self._loaded()
        self._step(setup, "parts").action_open()
        resin, cable = self._part("RSN2C"), self._part("EO CABLE 18")
        product = resin.product_id
        cable.write({"product_id": product.id, "factor": 2, "part_quantity": 1})
        return resin, cable, product

    def _told_of(self, product):
        return (
            product.immex_class,
            product.immex_tariff_item_id.fraccion,
            product.immex_customs_description,
            {
                row.unit_id.code: round(row.factor, 6)
                for row in product.immex_factor_ids
            },
        )

    def test_undone_in_any_order(self):
        nothing = (False, False, False, {})
        alone = {
            "RSN2C": ("material", "39073002", "RESINAS EPOXICAS", {"1": 0.25}),
            "EO CABLE 18": ("material", "85444299", "CABLE DE COBRE", {"3": 2}),
        }
        resin, cable, product = self._both()
        for confirmed in ((resin, cable), (cable, resin), (resin | cable,)):
            for undone in ((resin, cable), (cable, resin)):
                for parts in confirmed:
                    parts.action_confirm()
                self.assertEqual(len(product.immex_factor_ids), 2)
                undone[0].action_undo()
                self.assertEqual(self._told_of(product), alone[undone[1].part_number])
                self.assertEqual(
                    self._goods("RSN2C")[:1].product_id,
                    product
                    & (resin.product_id if resin.state == "confirmed" else product[:0]),
                )
                undone[1].action_undo()
                self.assertEqual(self._told_of(product), nothing)
        (resin | cable).action_confirm()
        (resin | cable).action_undo()
        self.assertEqual(self._told_of(product), nothing)

    def test_undone_gives_back_what_was(self):
        """The class that the product had before, and its own description."""
        resin, cable, product = self._both()
        product.sudo().write(
            {"immex_class": "indirect", "immex_customs_description": "La de siempre"}
        )
        resin.action_confirm()
        cable.action_confirm()
        self.assertEqual(product.immex_class, "material")
        resin.action_undo()
        self.assertEqual(product.immex_class, "material", "the other one stands")
        cable.action_undo()
        self.assertEqual(
            self._told_of(product), ("indirect", False, "La de siempre", {})
        )

    def test_undone_factor_of_another(self):
        """Two codes in one unit: the factor came with the first, and the second one
        needs it when the first is undone."""
        setup = self._loaded()
        self._step(setup, "parts").action_open()
        first = self._part("RSN2C")
        product = first.product_id
        first.action_confirm()
        self.made.env["product.supplierinfo"].create(
            {
                "partner_id": self.made.supplier.id,
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_code": "RSN-NEW",
                "company_id": self.company.id,
            }
        )
        self._load(self.made.later_file("RSN2C"), "m3456002.275")
        goods = self._goods("RSN2C").sorted("id")[-1:]
        goods.write({"part_number": "RSN NEW", "product_id": False})
        self._step(setup, "parts").action_open()
        second = self._part("RSN NEW")
        self.assertEqual((second.product_id, second.factor_from), (product, "stated"))
        second.action_confirm()
        first.action_undo()
        self.assertEqual(product.immex_factor_ids.factor, 0.25)
        self.assertEqual((goods.product_id, goods.quantity), (product, 100))
        second.action_undo()
        self.assertEqual(self._told_of(product), (False, False, False, {}))

    # initial balances ----------------------------------------------------------
    def _older(self):
        """Stock that came before the first pedimento, and its two lots of paper."""
        bought = {"EO-RESIN-07": 40, "EO-CONN-4P": 10, "EO-BOX-1": 5}
        day = FIRST - timedelta(days=30)
        self.made._purchase(self.made.supplier, bought, day)

    def _read(self, opening):
        text = base64.b64decode(opening.data).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def _written(self, rows):
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        return base64.b64encode(text.getvalue().encode())

    def _completed(self, rows, day):
        """As a person does from the papers: each line a pedimento of its own."""
        *lines, total = rows
        for number, row in enumerate(lines):
            row |= {
                "pedimento": f"24 24 3456 400000{number}",
                "clave": "IN",
                "fecha_entrada": day,
                "fecha_pago": day,
                "partida": "1",
                "cantidad": row["saldo"],
                "umt": row["umt"] or row["umc"],
                "saldo_umt": row["saldo_umt"] or row["saldo_umc"],
                "valor_usd": "100",
                "valor_aduana": "1800",
            }
        count = len(lines)
        total |= {"valor_usd": str(100 * count), "valor_aduana": str(1800 * count)}
        return rows

    def test_balances_from_stock(self):
        """What was on hand before the first pedimento becomes a draft that a person
        completes; nothing that only paper tells is made up."""
        self._older()
        setup = self._until_transfers()
        self.assertEqual(self._state(setup, "opening"), "attention")
        wizard = self._opened(self._step(setup, "opening").action_open())
        self.assertEqual(wizard.cutoff_date, FIRST - timedelta(days=1))
        self.assertIn("2", wizard.found)
        wizard.cutoff_date = FIRST
        with self.assertRaises(UserError):
            wizard.action_propose()
        wizard.cutoff_date = FIRST - timedelta(days=40)
        with self.assertRaises(UserError):
            wizard.action_propose()
        wizard.cutoff_date = FIRST - timedelta(days=1)
        opening = self._opened(wizard.action_propose())
        self.assertEqual((opening.state, opening.cutoff_date), ("draft", FIRST - ONE))
        rows = self._read(opening)
        told = ("numero_parte", "saldo", "saldo_umc", "umc", "fraccion", "nico")
        self.assertEqual(
            [tuple(row[name] for name in told) for row in rows],
            [
                ("EO-CONN-4P", "10", "10", "6", "85369099", "99"),
                ("EO-RESIN-07", "40", "10", "1", "39073002", "00"),
                ("TOTAL", "50", "", "", "", ""),
            ],
        )
        unknown = ("pedimento", "clave", "fecha_entrada", "fecha_pago", "partida")
        unknown += ("cantidad", "valor_usd", "valor_aduana", "pais_origen")
        for row in rows:
            self.assertEqual({row[name] for name in unknown}, {""})
        # unfinished, it is refused with what is missing, and stays to be resumed
        with self.assertRaisesRegex(UserError, "fecha_entrada"):
            opening.action_load()
        self.assertEqual(self._state(setup, "opening"), "attention")
        again = self._opened(self._step(setup, "opening").action_open())
        self.assertEqual(again, opening)
        opening.data = self._written(self._completed(rows, "2024-10-01"))
        opening.action_load()
        self.assertEqual((opening.line_count, opening.total_balance), (2, 50))
        opening.action_post()
        self.assertEqual(self._state(setup, "opening"), "done")
        self.env["immex.discharge.run"]._run_here(self.company, "test")
        layers = self.env["immex.layer"].search(
            [("company_id", "=", self.company.id), ("source", "=", "opening")]
        )
        self.assertEqual(
            {layer.product_id.default_code: layer.quantity for layer in layers},
            {"EO-CONN-4P": 10, "EO-RESIN-07": 40},
        )

    def test_balances_alone(self):
        """A company without any file of the past: its products are classed by hand."""
        setup = self._setup()
        self._programme(setup)
        for code in MATERIALS:
            self.made.products[code].immex_class = "material"
        self.made.products["EO-LABEL-9"].default_code = False
        self._step(setup, "programme")
        wizard = self._opened(self._step(setup, "opening").action_open())
        wizard.cutoff_date = self.made.days[0] + timedelta(days=5)
        opening = self._opened(wizard.action_propose())
        rows = self._read(opening)
        expected = {
            code: str(values[-1])
            for code, values in MATERIALS.items()
            if code != "EO-LABEL-9"
        }
        self.assertEqual(
            {row["numero_parte"]: row["saldo"] for row in rows[:-1]}, expected
        )
        self.assertIn("Printed label", str(opening.message_ids.mapped("body")))
        for row in rows[:-1]:
            row |= {"fraccion": "85369099", "umc": row["umc"] or "6"}
            row["saldo_umc"] = row["saldo_umc"] or row["saldo"]
        opening.data = self._written(self._completed(rows, "2024-12-05"))
        opening.action_load()
        opening.action_post()
        states = {code: self._state(setup, code) for code in ("parts", "units")}
        self.assertEqual(states, {"parts": "none", "units": "none"})
        self.assertEqual(self._state(setup, "documents"), "done")
        self.assertEqual(self._state(setup, "opening"), "done")

    # transfers -----------------------------------------------------------------
    def test_transfers(self):
        setup = self._until_transfers()
        transfers = self._listed(self._step(setup, "transfers").action_open())
        received = transfers.filtered(lambda record: record.way == "1")
        delivery = (transfers - received)[:1]
        for record in transfers:
            self.assertEqual(record.covered, 100)
            self.assertLessEqual(record.days, 2)
        delivery.action_confirm()
        self.assertEqual(delivery.picking_id.immex_pedimento_id, delivery.pedimento_id)
        with self.assertRaises(UserError):
            delivery.pedimento_id = False
        delivery.action_undo()
        self.assertFalse(delivery.picking_id.immex_pedimento_id)
        one = received[:1]
        one.action_domestic()
        self.assertEqual(one.picking_id.immex_customs_status, "domestic")
        with self.assertRaises(UserError):
            delivery.action_domestic()
        one.action_undo()
        self.assertEqual(one.picking_id.immex_customs_status, "temporary")
        # of two that claim one pedimento, one is sure
        named, day = one.pedimento_id, one.date
        other = received[1].picking_id
        self.env.cr.execute(
            "UPDATE stock_move_line SET date = %s WHERE picking_id = ANY(%s)",
            (f"{day} 18:00:00", [other.id]),
        )
        transfers = self._listed(self._step(setup, "transfers").action_open())
        twice = transfers.filtered(lambda record: record.pedimento_id == named)
        self.assertEqual(sorted(twice.mapped("reason")), ["over", "same"])

    # who may -------------------------------------------------------------------
    def test_rights(self):
        setup = self._until_transfers()
        part = self._part("RSN2C")
        reader = new_test_user(
            self.env,
            "setup_reader",
            groups="immex_compliance.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        theirs = self.env(user=reader)
        for call in (
            theirs["immex.setup"].action_open_company,
            setup.with_env(theirs).action_next,
            setup.step_ids[:1].with_env(theirs).action_open,
            part.with_env(theirs).action_undo,
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertTrue(setup.with_env(theirs).step_ids.mapped("result"))
        stranger = new_test_user(
            self.env,
            "setup_stranger",
            groups=MANAGER,
            company_id=self.env.ref("base.main_company").id,
            company_ids=[(6, 0, self.env.ref("base.main_company").ids)],
        )
        abroad = self.env(
            user=stranger, context={"allowed_company_ids": stranger.company_ids.ids}
        )
        for record in (setup, part):
            with self.assertRaises(AccessError):
                record.with_env(abroad).read(["company_id"])
        for values in ({"state": "confirmed"}, {"score": 100}):
            with self.assertRaises(AccessError):
                part.write(values)
        with self.assertRaises(AccessError):
            setup.step_ids[:1].write({"confirmed_at": "2026-01-01"})
        with self.assertRaises(UserError):
            self._step(setup, "discharge").action_confirm()
        with self.assertRaises(UserError):
            setup.action_finish()

    def test_a_site_of_another_company(self):
        """A manager adds sites and completes them, of the own company alone."""
        setup = self._setup()
        self._programme(setup)
        self._addresses(setup)
        site = self.env["immex.program"]._current(self.company).site_ids[:1]
        wizard = self._opened(self._step(setup, "addresses").action_open())
        line = wizard.line_ids.filtered(lambda line: line.site_id == site)
        line.write({"name": "Otro", "authorization": "SE-1"})
        wizard.action_save()
        self.assertEqual((site.authorization, site.name == "Otro"), ("SE-1", False))
        other = self.env["res.company"].create({"name": "Ajena"})
        program = self.env["immex.program"].create(
            {
                "company_id": other.id,
                "name": "1-2020",
                "valid_from": "2020-01-01",
                "site_ids": [
                    Command.create({"name": "A", "partner_id": other.partner_id.id})
                ],
            }
        )
        line.site_id = program.site_ids.id
        with self.assertRaises(AccessError):
            wizard.action_save()

    def test_programme_of_a_manager(self):
        """A manager enters the first one; what is there is an administrator's."""
        self.company.vat = False
        setup = self._setup()
        wizard = self._opened(self._step(setup, "programme").action_open())
        wizard.write({"name": "7301-2018", "valid_from": "2018-08-01", "vat": "123"})
        with self.assertRaises(UserError):
            wizard.action_save()
        self.assertFalse(self.env["immex.program"]._current(self.company))
        wizard.vat = "eor-180612-ab3"
        wizard.action_save()
        self.assertEqual(self.company.vat, "EOR180612AB3")
        wizard = self._opened(self._step(setup, "programme").action_open())
        wizard.name = "9999-2020"
        with self.assertRaises(AccessError):
            wizard.action_save()
