# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_part_factor,
    mrp_production,
    product_template,
    purchase_order,
    stock_location,
    stock_lot,
    stock_move,
    stock_picking,
)
