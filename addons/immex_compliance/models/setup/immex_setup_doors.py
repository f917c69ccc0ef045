# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import UserError

from ..pedimento.discharge_action import ask_discharge
from .steps import TODO


class ImmexSetup(models.Model):
    """Where each step is settled: one ``_door_<step>`` each, which gives an action. The
    path stays in the breadcrumb: who goes back finds it, with the facts as they are
    then."""

    # a topic a file: the model itself is long enough
    _inherit = "immex.setup"  # pylint: disable=consider-merging-classes-inherited

    def _open_step(self, code):
        self.ensure_one()
        self._check_manager()
        return getattr(self, f"_door_{code}")()

    def _window(self, xmlid, *domain, **context):
        """A known action, narrowed to this company."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"immex_compliance.{xmlid}"
        )
        return action | {
            "domain": list(self._ours(*domain)),
            "context": {"default_company_id": self.company_id.id, **context},
        }

    def _record(self, record, name=None, target="current"):
        return {
            "type": "ir.actions.act_window",
            "name": name or record.display_name,
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": target,
            "context": {"dialog_size": "extra-large"} if target == "new" else {},
        }

    def _take_turn(self):
        """Before something is made that the company has once: of two who come at once
        the second waits, fails to serialize and is asked again by Odoo, then finding
        what the first one made."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE immex_setup SET write_date = now() AT TIME ZONE 'UTC'"
            " WHERE id = %s",
            (self.id,),
        )

    # one a step ----------------------------------------------------------------------
    def _door_programme(self):
        program = self.env["immex.program"]._current(self.company_id)
        wizard = self.env["immex.setup.program"].create(
            {"company_id": self.company_id.id, "program_id": program.id}
        )
        return self._record(wizard, self.env._("Programme and RFC"), "new")

    def _door_addresses(self):
        program = self.env["immex.program"]._current(self.company_id)
        if not program:
            raise UserError(self.env._("Enter the programme first."))
        wizard = self.env["immex.setup.sites"]._propose(self, program)
        return self._record(wizard, self.env._("Sites of the Programme"), "new")

    def _door_documents(self):
        loading = self.env["immex.first.loading"].search(self._ours(), limit=1)
        if not loading:
            self._take_turn()
            loading = loading.create({"company_id": self.company_id.id})
        return self._record(loading, self.env._("First Loading"))

    def _door_parts(self):
        self._take_turn()
        self.env["immex.setup.part"].sudo()._find(self.company_id)
        return self._window("action_immex_setup_part", search_default_open=1)

    def _door_units(self):
        missing, unsplit = self._unsettled()
        if missing or unsplit:
            action = self._window("action_immex_partida_waiting")
            return action | {"domain": list(self._ours(("detail_state", "!=", "done")))}
        action = self._window("action_immex_setup_part", ("state", "=", "confirmed"))
        if self.env["immex.setup.part"].search_count(self._domain_deviating(), limit=1):
            action["domain"] = list(self._domain_deviating())
        return action

    def _door_status(self):
        wizard = self.env["immex.setup.status"].create(
            {
                "company_id": self.company_id.id,
                "setup_id": self.id,
                "policy": self.company_id.sudo().immex_status_policy,
            }
        )
        return self._record(wizard, self.env._("What Is Temporary"), "new")

    def _door_transfers(self):
        self._take_turn()
        self.env["immex.setup.transfer"].sudo()._find(self.company_id)
        return self._window("action_immex_setup_transfer", search_default_open=1)

    def _door_opening(self):
        """The balances that are under way; else the way to begin them from stock."""
        opening = self.env["immex.opening"].search(
            self._ours(("state", "in", ("draft", "posted"))), order="state, id desc"
        )[:1]
        if opening:
            return self._record(opening)
        wizard = self.env["immex.setup.opening"].create({"setup_id": self.id})
        return self._record(wizard, self.env._("Initial Balances From Stock"), "new")

    def _door_discharge(self):
        job = self._discharge_job()
        if job:
            return job._action_open()
        action = ask_discharge(self.env, self.company_id)
        return action | {
            "context": action["context"]
            | {
                "default_reason": self.env._("First balance"),
                "default_scope": "everything",
            }
        }

    def _check_discharged(self):
        """What is compared is what a run left."""
        if self._discharge_job():
            raise UserError(
                self.env._("The discharge is running: compare when it has ended.")
            )
        if self._fact_discharge().state == TODO:
            raise UserError(self.env._("Run the first discharge before."))

    def _door_reconciliation(self):
        runs = self.env["immex.reconciliation"]
        made = self._since_run("immex.reconciliation", "run_at")
        if not made:
            first, last = runs._store_periods(self.company_id).get(
                self.company_id, (False, False)
            )
            if not first:
                raise UserError(self.env._("Load a Data Stage file first."))
            self._check_discharged()
            values = {"date_from": first, "date_to": last}
            domain = [(name, "=", value) for name, value in values.items()]
            domain += [("automatic", "=", False), ("state", "!=", "waiting")]
            made = runs.search(self._ours(*domain), limit=1) or runs.create(
                values | {"company_id": self.company_id.id}
            )
            made.action_run()
        return self._record(made)

    def _door_stock(self):
        balances = self.env["immex.stock.balance"]
        made = self._since_run("immex.stock.balance", "done_at")
        if not made:
            made = balances.search(self._ours(("state", "=", "waiting")), limit=1)
        if not made:
            self._check_discharged()
            made = balances.create({"company_id": self.company_id.id})
            made.action_run()
        return self._record(made)

    def _door_balance(self):
        return self._window(
            "action_immex_layer",
            ("customs_status", "=", "temporary"),
            ("has_balance", "=", True),
        )

    # lists that the form leads to ----------------------------------------------------
    def action_short(self):
        """Button: exits that no import covers."""
        return self._window(
            "action_immex_requirement",
            ("superseded_run_id", "=", False),
            ("qty_shortage", ">", 0),
        )

    def action_layers(self):
        """Button: temporary imports with balance."""
        return self._door_balance()
