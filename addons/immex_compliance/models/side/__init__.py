# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    abstract_side,
    abstract_side_product,
    account_move,
    mrp_production,
    product_product,
    product_template,
    purchase_order,
    res_partner,
    sale_order,
    stock_lot,
    stock_picking,
)
