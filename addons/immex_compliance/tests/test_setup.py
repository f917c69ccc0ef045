# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import io
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, new_test_user, tagged

from .ordinary_make import BROKER, MATERIALS, Ordinary

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
