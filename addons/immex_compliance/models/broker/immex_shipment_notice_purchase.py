# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from .notice_purchase_sql import REST, TOUCH


class ImmexShipmentNotice(models.Model):
    """Made of a purchase: of what is not announced yet, one notice a shipment."""

    # a topic a file
    _inherit = "immex.shipment.notice"  # pylint: disable=consider-merging-classes-inherited

    purchase_id = fields.Many2one(
        "purchase.order", check_company=True, index="btree_not_null"
    )

    @api.model
    def _from_purchase(self, order):
        """A draft of what was ordered and neither announced nor received."""
        order.ensure_one()
        order.check_access("read")
        self.check_access("create")
        self._check_programme(order.company_id)
        if order.state != "purchase":
            raise UserError(
                self.env._("Confirm %(order)s first.", order=order.display_name)
            )
        order = order.sudo()
        notice = self.create(
            {
                "company_id": order.company_id.id,
                "broker_id": self._only_broker(order.company_id).id,
                "purchase_id": order.id,
                "direction": "import",
                "reference": order.name,
                "counterparty": order.partner_id.commercial_partner_id.name,
                "cove_numbers": self._coves_of(order),
            }
        )
        if not notice._fill_rest(order):
            raise UserError(
                self.env._(
                    "Everything of %(order)s was announced to the broker or received "
                    "already. Delete a draft that is not wanted, or change the order.",
                    order=order.name,
                )
            )
        notice.expected_date = notice._first_date()
        return notice

    def _fill_rest(self, order):
        """Lines of what is over of the order; how many."""
        self.env.flush_all()
        self.env.cr.execute(TOUCH, {"order": order.id})
        origins = self._origins(order.company_id, order.order_line.product_id)
        self.env.cr.execute(
            REST,
            {
                "notice": self.id,
                "order": order.id,
                "uid": self.env.uid,
                "origin_products": list(origins),
                "origin_countries": list(origins.values()),
            },
        )
        made = len(self.env.cr.fetchall())
        self.invalidate_recordset()
        return made

    def _coves_of(self, order):
        """E-documents of the purchase's bills and receipts that no notice named yet."""
        coves = order.picking_ids.immex_cove_ids | order.invoice_ids.immex_cove_ids
        told = self.sudo().search(
            [("purchase_id", "=", order.id), ("state", "!=", "refused")]
        )
        named = {
            number
            for numbers in told.mapped("cove_numbers")
            for number in (numbers or "").split()
        }
        numbers = sorted(set(filter(None, coves.mapped("edocument"))) - named)
        return " ".join(numbers) or False

    def _first_date(self):
        """Day on which the first of the goods is expected, as the plant has it."""
        planned = self.sudo().line_ids.purchase_line_id.mapped("date_planned")
        if not planned:
            return False
        zone = pytz.timezone(self.company_id._immex_timezone())
        return pytz.utc.localize(min(planned)).astimezone(zone).date()
