# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError


class ImmexRemesa(models.Model):
    """One shipment under a consolidated pedimento (Customs Law, art. 37 and 37-A).

    Its goods come, or leave, before the pedimento closes. Once crossed, the lines of
    an import are provisional layers, those of an export provisional exits; the
    partidas of the closed pedimento take them over, with the date of each remesa as
    the one from which its goods serve. Draft and cancelled remesas count for nothing.
    """

    _name = "immex.remesa"
    _description = "Remesa"
    _inherit = ["mail.thread"]
    _order = "pedimento_id desc, number desc"
    _rec_names_search = ["pedimento_id", "cove", "notice"]
    _check_company_auto = True

    pedimento_id = fields.Many2one(
        "immex.pedimento",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        help="Consolidated pedimento, recorded when it is opened: its number is known "
        "before its partidas.",
    )
    company_id = fields.Many2one(
        related="pedimento_id.company_id", store=True, index=True
    )
    number = fields.Integer(
        required=True,
        help="Progressive within the pedimento; empty takes the next one.",
    )
    operation_type = fields.Selection(related="pedimento_id.operation_type")
    date = fields.Date(
        "Crossing or Transfer",
        tracking=True,
        help="Day on which the goods crossed (activation of the selection mechanism) "
        "or were handed over in a virtual transfer: from that day on they serve exits.",
    )
    cove = fields.Char(
        "COVE", tracking=True, help="Electronic acknowledgement of value of the remesa."
    )
    notice = fields.Char(
        "Consolidated Notice", help="Number of the notice or e-document of the remesa."
    )
    line_ids = fields.One2many("immex.remesa.line", "remesa_id", copy=True)
    picking_ids = fields.One2many("stock.picking", "immex_remesa_id", "Transfers")
    state = fields.Selection(
        [("draft", "Draft"), ("crossed", "Crossed"), ("cancelled", "Cancelled")],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    pedimento_closed = fields.Boolean(
        related="pedimento_id.consolidated_closed",
        string="In Partidas",
        help="The pedimento is closed: its partidas have taken the remesa over.",
    )

    _number_unique = models.Constraint(
        "UNIQUE (pedimento_id, number)",
        "This pedimento already has a remesa so numbered.",
    )
    _number_positive = models.Constraint(
        "CHECK (number > 0)", "Remesas are numbered from 1."
    )
    _crossed_date = models.Constraint(
        "CHECK (state <> 'crossed' OR date IS NOT NULL)",
        "Enter the date on which the remesa crossed first.",
    )

    @api.depends("pedimento_id", "number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for remesa in self:
            remesa.display_name = self.env._(
                "%(pedimento)s, remesa %(number)s",
                pedimento=remesa.pedimento_id.display_name or "",
                number=remesa.number or "",
            )

    @api.constrains("pedimento_id")
    def _check_rule(self):
        for remesa in self:
            effect = remesa.pedimento_id.operation_rule_id.effect
            if effect and effect not in ("entry", "exit"):
                raise ValidationError(
                    self.env._(
                        "Pedimento %(pedimento)s moves no goods across the border: it "
                        "has no remesas.",
                        pedimento=remesa.pedimento_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        last = {}
        for vals in vals_list:
            if not (pedimento_id := vals.get("pedimento_id")):
                continue
            if pedimento_id not in last:
                pedimento = self.env["immex.pedimento"].browse(pedimento_id)
                last[pedimento_id] = max(
                    pedimento.remesa_ids.mapped("number"), default=0
                )
            if not vals.get("number"):
                vals["number"] = last[pedimento_id] + 1
            last[pedimento_id] = max(last[pedimento_id], vals["number"])
        remesas = super().create(vals_list)
        remesas.pedimento_id._open_consolidated()
        return remesas

    def write(self, vals):
        result = super().write(vals)
        if "pedimento_id" in vals:
            self.pedimento_id._open_consolidated()
            # the transfers of a remesa go with it
            for remesa in self.sudo():
                remesa.picking_ids.write({"immex_pedimento_id": remesa.pedimento_id.id})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_crossed(self):
        for remesa in self:
            if remesa.state == "crossed":
                raise UserError(
                    self.env._(
                        "%(remesa)s has crossed. Cancel it instead.",
                        remesa=remesa.display_name,
                    )
                )

    def action_cross(self):
        """Record the crossing: from now on its lines are layers or exits."""
        for remesa in self:
            if not remesa.line_ids:
                raise UserError(
                    self.env._(
                        "%(remesa)s has no parts. Enter what it carried first.",
                        remesa=remesa.display_name,
                    )
                )
            if not remesa.date:
                raise UserError(
                    self.env._("Enter the date on which the remesa crossed first.")
                )
        self.pedimento_id._open_consolidated()
        self.write({"state": "crossed"})
        return True

    def action_cancel(self):
        """Take the remesa out of the inventory."""
        self.write({"state": "cancelled"})
        return True

    def action_draft(self):
        """Open a remesa again for correction."""
        self.write({"state": "draft"})
        return True

    def action_from_transfers(self):
        """Fill the lines with what the transfers that name the remesa carry."""
        for remesa in self:
            moves = remesa.sudo().picking_ids.move_ids.filtered(
                lambda move: move.state != "cancel" and move.product_id.immex_class
            )
            quantities = {}
            for move in moves:
                done = move.state == "done"
                quantity = move.product_uom._compute_quantity(
                    move.quantity if done else move.product_uom_qty,
                    move.product_id.uom_id,
                )
                quantities[move.product_id] = (
                    quantities.get(move.product_id, 0) + quantity
                )
            remesa.line_ids = [
                Command.clear(),
                *(
                    Command.create({"product_id": product.id, "quantity": quantity})
                    for product, quantity in quantities.items()
                    if quantity > 0
                ),
            ]
        return True
