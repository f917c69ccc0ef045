# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .regularization_case import RegularizationCase


@tagged("post_install", "-at_install")
class TestRegularizationWork(RegularizationCase):
    """What people do with a proposal, and who may."""

    def test_from_proposal_to_the_loaded_pedimento(self):
        proposal = self._propose(self._expired())
        proposal.action_accept()
        self.assertEqual(
            (proposal.state, proposal.decided_by), ("accepted", self.env.user)
        )
        manager = proposal.with_user(self._user("manager"))
        with self.assertRaises(UserError):
            manager.write({"customs_value": 1})
        with self.assertRaises(UserError):
            manager.action_file()
        with self.assertRaises(UserError):
            manager.filed_number = "123"
        manager.filed_number = "26 24 3456 6999999"
        manager.action_file()
        self.assertEqual(
            (proposal.state, proposal.filed_number),
            (
                "filed",
                "262434566999999",
            ),
        )
        self.assertFalse(proposal.filed_pedimento_id)
        with self.assertRaises(UserError):
            proposal.action_open_filed()
        loaded = self._pedimento(
            "A3", "1", "2026-11-20", [(self.material, 100)], document="6999999"
        )
        proposal.invalidate_recordset()
        self.assertEqual(proposal.filed_pedimento_id, loaded)
        self.assertEqual(
            self.env["immex.regularization"].search(
                [("filed_pedimento_id", "in", loaded.ids)]
            ),
            proposal,
        )
        self.assertEqual(proposal.action_open_filed()["res_id"], loaded.id)
        with self.assertRaises(UserError):
            proposal.unlink()

    def test_rejected_with_a_reason(self):
        layer = self._expired()
        proposal = self._propose(layer)
        with self.assertRaises(UserError):
            proposal.action_reject()
        proposal.reason = "Returned under another pedimento"
        proposal.action_reject()
        self.assertEqual(proposal.state, "rejected")
        other = self._propose(layer)
        self.assertNotEqual(other, proposal)
        with self.assertRaises(UserError):
            proposal.action_reopen()
        # one open proposal for a difference, whoever asks
        self.assertEqual(self._propose(layer), other)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            proposal.sudo().write({"state": "proposed"})
            proposal.flush_recordset()

    def test_what_changed_is_computed_first(self):
        proposal = self._propose(self._expired())
        manager = proposal.with_user(self._user("manager"))
        manager.write({"restricted": True})
        self.assertTrue(proposal.is_stale)
        with self.assertRaises(UserError):
            manager.action_accept()
        manager.action_compute()
        manager.action_accept()
        self.assertEqual(proposal.state, "accepted")

    def test_from_findings(self):
        short = self._pedimento("IN", "1", "2026-10-01", [(self.material, 100)])
        self._transfer("incoming", "2026-10-01", [(self.material, 90)], short)
        over = self._pedimento("IN", "1", "2026-10-02", [(self.material, 50)])
        self._transfer("incoming", "2026-10-02", [(self.material, 60)], over)
        missing = self._pedimento("IN", "1", "2026-10-03", [(self.material, 8)])
        loose = self._transfer("incoming", "2026-10-04", [(self.material, 3)])
        self._run()
        proposals = self.env["immex.regularization"]
        for code, kind, quantity, pedimento in (
            ("receipt_short", "short", 10, short),
            ("receipt_over", "over", 10, over),
            ("layer_without_receipt", "not_received", 8, missing),
            ("receipt_without_pedimento", "undocumented", 3, None),
        ):
            finding = self._findings(code)
            with self.subTest(code=code):
                action = finding.action_propose_regularization()
                proposal = proposals.browse(action["res_id"])
                self.assertEqual((proposal.kind, proposal.quantity), (kind, quantity))
                self.assertEqual(proposal.pedimento_id, pedimento or short.browse())
                if not pedimento:
                    self.assertEqual(proposal.picking_id, loose)

    def test_finding_of_something_else(self):
        self._transfer("outgoing", "2026-10-05", [(self._stocked(), 1)])
        self._run()
        finding = self.env["immex.finding"].search(
            [
                ("company_id", "=", self.company.id),
                ("code", "=", "exit_without_document"),
            ]
        )
        with self.assertRaises(UserError):
            finding.ensure_one().action_propose_regularization()

    def _stocked(self):
        pedimento = self._pedimento("IN", "1", "2026-10-01", [(self.material, 5)])
        self._transfer("incoming", "2026-10-01", [(self.material, 5)], pedimento)
        return self.material

    # rights ---------------------------------------------------------------------
    def _user(self, role, name="one"):
        return new_test_user(
            self.env,
            f"regularization_{role}_{name}",
            f"immex_compliance.group_{role}",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def test_roles(self):
        proposal = self._propose(self._expired())
        reader, manager = self._user("user"), self._user("manager")
        administrator = self._user("administrator")
        self.assertEqual(proposal.with_user(reader).total, proposal.total)
        for call in ("action_compute", "action_accept", "action_reject", "action_file"):
            with self.subTest(call=call), self.assertRaises(AccessError):
                getattr(proposal.with_user(reader), call)()
        with self.assertRaises(AccessError):
            proposal.with_user(reader).write({"customs_value": 1})
        with self.assertRaises(AccessError):
            proposal.layer_id.with_user(reader).action_propose_regularization()
        for name, value in (("total", 0), ("state", "accepted"), ("problem", False)):
            with self.subTest(field=name), self.assertRaises(AccessError):
                proposal.with_user(manager).write({name: value})
        with self.assertRaises(AccessError):
            proposal.line_ids.with_user(manager).write({"payable": 0})
        with self.assertRaises(AccessError):
            proposal.fine_ids.with_user(manager).unlink()
        for model in (
            "immex.price.index",
            "immex.surcharge.rate",
            "immex.levy.rate",
            "immex.fine",
        ):
            self.assertFalse(self.env[model].with_user(manager).has_access("write"))
            self.assertTrue(
                self.env[model].with_user(administrator).has_access("write")
            )

    def test_a_month_has_one_figure(self):
        for model, name in (
            ("immex.price.index", "value"),
            ("immex.surcharge.rate", "rate"),
        ):
            with (
                self.subTest(model=model),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                # the fifteenth is of the same month
                self.env[model].create(
                    {"month": "2026-10-15", name: 1, "source": "again"}
                )


@tagged("post_install", "-at_install")
class TestRegularizationDownload(RegularizationCase, HttpCase):
    def test_download(self):
        proposal = self._propose(self._expired())
        url = f"/immex/regularization/{proposal.id}/xlsx"
        reader = TestRegularizationWork._user(self, "user", "download")
        reader.password = "download-pass"
        self.authenticate(reader.login, "download-pass")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.content[:2], b"PK")
        reader.sudo().write(
            {
                "company_ids": [(6, 0, self.env.ref("base.main_company").ids)],
                "company_id": self.env.ref("base.main_company").id,
            }
        )
        self.assertEqual(self.url_open(url).status_code, 404)
