# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import uuid

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...services.notice import document
from .notice_purchase_sql import COUNTRIES


class ImmexShipmentNotice(models.Model):
    """A broker is told of a shipment before its pedimento is made (pre-alert).

    Made from a transfer or a purchase, corrected by a person, then sent by the
    scheduled action. What was sent is kept as it went, with the answer.
    """

    _name = "immex.shipment.notice"
    _description = "Notice of shipment"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "reference"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    broker_id = fields.Many2one("immex.broker", tracking=True)
    channel = fields.Selection(related="broker_id.notice_channel")
    picking_id = fields.Many2one("stock.picking", "Transfer", check_company=True)
    notice_key = fields.Char(
        "Notice Id",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: str(uuid.uuid4()),
        help="The broker knows by it a notice that comes twice.",
    )
    direction = fields.Selection(
        [("import", "Import"), ("export", "Export")], required=True
    )
    reference = fields.Char(
        required=True, help="Number of the transfer or of the purchase."
    )
    counterparty = fields.Char()
    expected_date = fields.Date()
    cove_numbers = fields.Char(
        "COVE Numbers", help="Acuse de valor of the invoices, separated by blanks."
    )
    line_ids = fields.One2many("immex.shipment.notice.line", "notice_id", "Goods")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Waits to be sent"),
            ("sent", "Sent"),
            ("refused", "Refused by the broker"),
            ("failed", "Not sent"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        help="Not sent: it was tried as often as it is tried. A person may try again.",
    )
    attempts = fields.Integer(readonly=True, copy=False)
    next_try = fields.Datetime(readonly=True, copy=False)
    sent_at = fields.Datetime("Sent", readonly=True, copy=False)
    answer = fields.Char(readonly=True, copy=False)
    answer_reference = fields.Char("Broker's Reference", readonly=True, copy=False)
    error = fields.Text("Last Error", readonly=True, copy=False)
    content = fields.Text("As Sent", readonly=True, copy=False)

    _key_unique = models.Constraint("UNIQUE (notice_key)", "The notice id is taken.")

    # making ------------------------------------------------------------------------
    @api.model
    def _from_picking(self, picking):
        """A draft of the goods of a transfer over the company's door."""
        self._check_programme(picking.company_id)
        code = picking.picking_type_id.code
        if code not in ("incoming", "outgoing"):
            raise UserError(
                self.env._("A notice is made of a receipt or of a delivery.")
            )
        moves = picking.move_ids.filtered(
            lambda move: move.state != "cancel" and move.product_uom_qty
        )
        if not moves:
            raise UserError(self.env._("The transfer has no goods."))
        coves = picking.sudo().immex_cove_ids.mapped("edocument")
        origins = self._origins(picking.company_id, moves.product_id)
        return self.create(
            {
                "company_id": picking.company_id.id,
                "broker_id": self._only_broker(picking.company_id).id,
                "picking_id": picking.id,
                "direction": "import" if code == "incoming" else "export",
                "reference": picking.name,
                "counterparty": picking.partner_id.commercial_partner_id.name,
                "expected_date": picking.scheduled_date,
                "cove_numbers": " ".join(sorted(filter(None, coves))) or False,
                "line_ids": [
                    Command.create(
                        {
                            **self._line(move),
                            "origin_id": origins.get(move.product_id.id, False),
                        }
                    )
                    for move in moves
                ],
            }
        )

    def _check_programme(self, company):
        if not company.immex_in_use:
            raise UserError(
                self.env._(
                    "%(company)s has no IMMEX programme: enter it first.",
                    company=company.name,
                )
            )

    def _only_broker(self, company):
        """The broker of a company that gets notices, where there is just one."""
        brokers = self.env["immex.broker"].search([("notice_channel", "!=", False)])
        brokers = brokers.filtered(lambda one: company in one._appointing_companies())
        return brokers if len(brokers) == 1 else brokers.browse()

    @api.model
    def _origins(self, company, products):
        """{product id: country id} of the last imports. Where a supplier sits is no
        origin: what was never imported has none here."""
        self.env.flush_all()
        self.env.cr.execute(
            COUNTRIES, {"company_id": company.id, "products": products.ids}
        )
        return dict(self.env.cr.fetchall())

    def _line(self, move):
        product = move.product_id
        order_line = move.purchase_line_id or move.sale_line_id
        quantity = move.product_uom_qty
        if order_line:
            ordered = order_line._fields.get("product_qty") and order_line.product_qty
            ordered = ordered or order_line.product_uom_qty
            in_order = move.product_uom._compute_quantity(
                quantity, order_line.product_uom_id, round=False
            )
            value = order_line.price_subtotal * in_order / ordered if ordered else 0.0
            currency = order_line.currency_id
        else:
            in_own = move.product_uom._compute_quantity(
                quantity, product.uom_id, round=False
            )
            value = product.standard_price * in_own
            currency = move.company_id.currency_id
        return {
            "product_id": product.id,
            "purchase_line_id": move.purchase_line_id.id,
            "part_number": product.default_code or product.display_name,
            "description": product.immex_customs_description or product.name,
            "tariff_item_id": product.immex_tariff_item_id.id,
            "quantity": quantity,
            "uom_id": move.product_uom.id,
            "value": currency.round(value),
            "currency_id": currency.id,
        }

    # what is told ------------------------------------------------------------------
    def _values(self):
        """The notice as a dict of the schema's elements."""
        self.ensure_one()
        return {
            "noticeId": self.notice_key,
            "direction": self.direction,
            "companyRfc": self.company_id.vat or "",
            "companyName": self.company_id.name,
            "counterparty": self.counterparty or None,
            "reference": self.reference,
            "expectedDate": self.expected_date or None,
            "coveNumber": (self.cove_numbers or "").split(),
            "line": [
                {
                    "partNumber": line.part_number,
                    "description": line.description,
                    "tariffItem": line.tariff_item_id.fraccion or None,
                    "nico": line.tariff_item_id.nico or None,
                    "quantity": f"{line.quantity:.5f}",
                    "unit": line.uom_id.name,
                    "value": f"{line.value:.2f}",
                    "currency": line.currency_id.name,
                    "origin": line.origin_id.code or None,
                }
                for line in self.line_ids
            ],
        }

    def _build(self):
        """XML of the notice; a user's error where something is missing."""
        try:
            return document.build(self._values())
        except ValueError as error:
            raise UserError(
                self.env._("The notice is not complete: %(reason)s", reason=error)
            ) from error

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if any(notice.state != "draft" for notice in self):
            raise UserError(
                self.env._("A notice that was sent, or waits for it, is not deleted.")
            )

    # buttons -----------------------------------------------------------------------
    def _show(self):
        """Window of this notice."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_send(self):
        """Button: let it be sent, or be tried again."""
        self.check_access("write")
        for notice in self:
            if notice.state not in ("draft", "failed"):
                raise UserError(
                    self.env._("%(name)s was sent already.", name=notice.reference)
                )
            broker = notice.broker_id
            if not broker.notice_channel:
                raise UserError(
                    self.env._("Choose a broker that is set up to get notices.")
                )
            if notice.company_id not in broker._appointing_companies():
                raise UserError(
                    self.env._("The company has not appointed this broker.")
                )
            # a notice that may have arrived goes again as it went
            content = notice.content or notice._build().decode()
            notice.sudo().write(
                {
                    "state": "waiting",
                    "attempts": 0,
                    "next_try": fields.Datetime.now(),
                    "content": content,
                    "error": False,
                }
            )
        self.env.ref("immex_compliance.ir_cron_notice").sudo()._trigger()
