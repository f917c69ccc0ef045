# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_broker,
    immex_broker_access,
    immex_broker_appointment,
    immex_broker_delivery,
    immex_broker_delivery_number,
    immex_broker_delivery_receive,
    immex_broker_notice,
    immex_broker_patent,
    immex_broker_usage,
    immex_pedimento,
    immex_pedimento_file,
    immex_shipment_notice,
    immex_shipment_notice_guard,
    immex_shipment_notice_line,
    immex_shipment_notice_line_guard,
    immex_shipment_notice_purchase,
    immex_shipment_notice_send,
    purchase_order,
    stock_picking,
)
