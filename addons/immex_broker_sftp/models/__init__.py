# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_broker,
    immex_broker_inbox,
    immex_broker_inbox_fetch,
    immex_broker_inbox_file,
    immex_shipment_notice,
)
