# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_repr

from ..engine import simulation

PATIENCE = 10  # seconds that a simulation waits for a run


class ImmexSimulation(models.TransientModel):
    """What a planned exit would discharge, without writing anything."""

    _name = "immex.simulation"
    _description = "Simulation of an exit"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    layer_scope = fields.Selection(
        [
            ("all", "Return, transfer or destruction: all layers"),
            ("unexpired", "Change of regime (F4): unexpired layers"),
            ("expired", "Regularisation (A3): expired layers"),
        ],
        "Kind of Exit",
        required=True,
        default="all",
    )
    pedimento_id = fields.Many2one(
        "immex.pedimento",
        "Exit Pedimento",
        readonly=True,
        help="The pedimento of this exit is recorded: what it discharges is shown.",
    )
    line_ids = fields.One2many("immex.simulation.line", "simulation_id")
    result_ids = fields.One2many("immex.simulation.result", "simulation_id")
    shortage = fields.Boolean(readonly=True)
    by_value = fields.Boolean(
        readonly=True, help="The year of the exit is discharged by value."
    )

    @api.private
    def _open(self, company, date, lines, document=None):
        """Make the simulation of ``lines`` (product, lot, quantity, waste), run it and
        return the action that shows it.

        :param document: pedimento that has these exits already
        """
        simulation = self.create(
            {
                "company_id": company.id,
                "date": date,
                "pedimento_id": document.id if document else False,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "lot_id": lot and lot.id,
                            "quantity": quantity,
                            "is_waste": is_waste,
                        }
                    )
                    for product, lot, quantity, is_waste in lines
                    if quantity > 0
                ],
            }
        )
        return simulation.action_simulate()

    def action_simulate(self):
        """Compute what the lines would discharge, and show it."""
        self.ensure_one()
        if not self.env.user.has_group("immex_compliance.group_user"):
            raise AccessError(self.env._("Only IMMEX users simulate exits."))
        document = self.pedimento_id
        # what it shows is read by SQL, which asks no record rule
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("The company is not among yours."))
        document.check_access("read")
        if not self.line_ids and not document:
            raise UserError(self.env._("Add what is planned to leave."))
        last = self.env["immex.period.seal"]._last(self.company_id)
        if last and self.date <= last.date_to and not document:
            raise UserError(
                self.env._(
                    "%(period)s is closed: plan an exit for a later day.",
                    period=last.name,
                )
            )
        lines = [
            {
                "product_id": line.product_id.id,
                "lot_id": line.lot_id.id,
                "quantity": float_repr(line.quantity, 6),
                "date": self.date.isoformat(),
                "is_waste": line.is_waste,
                "layer_scope": self.layer_scope,
            }
            for line in self.line_ids
        ]
        uid, company = self.env.uid, self.company_id
        rows = self.env["immex.discharge.run"]._on_own_cursor(
            company,
            lambda cr: simulation.simulate(
                cr,
                company.id,
                uid,
                lines,
                by_value=True,
                document_id=document.id or None,
            ),
            # a request: the workers of the server must not wait for a nightly run
            patience=PATIENCE,
        )
        self._show(rows)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Simulation"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _show(self, rows):
        self.result_ids.unlink()
        self.shortage = not all(row["covered"] for row in rows)
        self.by_value = any(row.get("currency") for row in rows)
        self.result_ids = [
            Command.create(
                {
                    "line_id": row["place"] is not None
                    and self.line_ids[row["place"]].id,
                    "product_id": row["product_id"],
                    "customs_status": row["customs_status"],
                    "kind": row["kind"],
                    "covered": row["covered"],
                    "pedimento_id": row["pedimento_id"],
                    "partida_id": row["partida_id"],
                    "term_end": row["term_end"],
                    "quantity": float(row["quantity"]),
                    "qty_umc": float(row["qty_umc"] or 0),
                    "value_usd": float(row.get("value_usd") or 0),
                    "customs_value": float(row.get("customs_value") or 0),
                    "late": row["late"],
                    "currency": row.get("currency"),
                    "value": float(row.get("value") or 0),
                }
            )
            for row in rows
        ]
