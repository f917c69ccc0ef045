# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo import api, fields, models

from ..pedimento.discharge_action import ask_discharge
from .stock_location import CUSTOMS_STATUSES


class StockPicking(models.Model):
    _inherit = "stock.picking"

    immex_in_use = fields.Boolean(related="company_id.immex_in_use")
    immex_pedimento_id = fields.Many2one(
        "immex.pedimento",
        "Pedimento",
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="Customs document under which these goods entered or left.",
    )
    immex_pedimento_ref = fields.Char(
        "Pedimento Number",
        copy=False,
        help="15 digits of the pedimento when the goods come before its file: the "
        "transfer is joined as soon as the document arrives.",
    )
    immex_remesa_id = fields.Many2one(
        "immex.remesa",
        "Remesa",
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="Remesa of a consolidated pedimento under which these goods crossed.",
    )
    immex_customs_status = fields.Selection(
        CUSTOMS_STATUSES,
        "Customs Status",
        compute="_compute_immex_customs_status",
        store=True,
        readonly=False,
        help="Status expected of received goods. The pedimento decides when it "
        "arrives; a purchase with a CFDI only is domestic.",
    )
    immex_event_date = fields.Date(
        "Physical Date",
        copy=False,
        help="Date on which the goods really crossed the door, in the plant's time "
        "zone, when it differs from the date of validation.",
    )

    @api.depends(
        "picking_type_id.code",
        "partner_id.country_id",
        "immex_pedimento_ref",
        "immex_pedimento_id.operation_rule_id",
    )
    def _compute_immex_customs_status(self):
        for picking in self:
            pedimento = picking.immex_pedimento_id
            if picking.picking_type_id.code != "incoming":
                picking.immex_customs_status = False
            elif pedimento:
                picking.immex_customs_status = pedimento._customs_status()
            elif picking.immex_pedimento_ref:
                picking.immex_customs_status = "temporary"
            elif picking.partner_id.country_id.code == "MX":
                picking.immex_customs_status = "domestic"
            else:
                picking.immex_customs_status = "temporary"

    @api.model_create_multi
    def create(self, vals_list):
        pickings = super().create(vals_list)
        pickings.filtered("immex_pedimento_ref")._immex_join_pedimento()
        pickings.filtered("immex_remesa_id")._immex_join_remesa()
        return pickings

    def write(self, vals):
        result = super().write(vals)
        if "immex_pedimento_ref" in vals and "immex_pedimento_id" not in vals:
            self._immex_join_pedimento()
        if vals.get("immex_remesa_id"):
            self._immex_join_remesa()
        elif "immex_pedimento_id" in vals:
            self._immex_leave_remesa()
        return result

    @api.private
    def _immex_join_remesa(self):
        """A transfer that names a remesa names its pedimento."""
        for picking in self.sudo():
            pedimento = picking.immex_remesa_id.pedimento_id
            if picking.immex_pedimento_id != pedimento:
                picking.immex_pedimento_id = pedimento

    @api.private
    def _immex_leave_remesa(self):
        """Another pedimento than the one of its remesa: then it is not its remesa."""
        for picking in self.sudo():
            remesa = picking.immex_remesa_id
            named = picking.immex_pedimento_id
            if remesa and remesa.pedimento_id not in named | named.root_id:
                picking.immex_remesa_id = False

    @api.private
    def _immex_join_pedimento(self):
        """Set the recorded pedimento that the typed number names, in any spacing.

        A number that no recorded pedimento bears leaves the transfer waiting. As
        superuser: who receives goods need not read customs' books.
        """
        for company, pickings in self.sudo().grouped("company_id").items():
            digits = {
                picking: re.sub(r"\D", "", picking.immex_pedimento_ref or "")
                for picking in pickings
            }
            known = {
                pedimento.number15: pedimento
                for pedimento in pickings.env["immex.pedimento"].search(
                    [
                        ("company_id", "=", company.id),
                        ("number15", "in", list(set(digits.values()))),
                    ]
                )
            }
            for picking, number in digits.items():
                pedimento = known.get(number, pickings.env["immex.pedimento"])
                if picking.immex_pedimento_id != pedimento:
                    picking.immex_pedimento_id = pedimento

    def action_immex_simulate(self):
        """Open the simulation of what this transfer would discharge if it left."""
        self.ensure_one()
        document = self.immex_pedimento_id.current_id or self.immex_pedimento_id
        has_exits = document.sudo().exit_line_ids or (
            document.operation_type == "2" and document.state == "ready"
        )
        return self.env["immex.simulation"]._open(
            self.company_id,
            self.immex_event_date or fields.Date.context_today(self),
            self._immex_leaving(),
            # planned beside the exits of their document, they would count twice
            document if has_exits else None,
        )

    def _immex_leaving(self):
        """What goes: product, lot, quantity in the product's unit, waste.

        By the lots that are reserved or picked, since a tracked product leaves by them.
        """
        moves = self.move_ids.filtered(
            lambda move: move.product_id.immex_class and move.state != "cancel"
        )
        leaving = []
        for move in moves:
            product, rest = move.product_id, move.product_qty
            waste = product.immex_class == "waste"
            chosen = move.move_line_ids.filtered("lot_id").grouped("lot_id")
            for lot in sorted(chosen, key=lambda lot: lot.name):
                quantity = sum(chosen[lot].mapped("quantity_product_uom"))
                leaving.append((product, lot, quantity, waste))
                rest -= quantity
            if product.uom_id.compare(rest, 0) > 0:
                leaving.append((product, False, rest, waste))
        return leaving

    def action_immex_broker_draft(self):
        """Button: draft of the pedimento of this transfer."""
        return self.env["immex.broker.draft"]._open(self)

    def action_run_discharge(self):
        """Ask for a run of the companies of these transfers."""
        return ask_discharge(self.env, self.company_id)
