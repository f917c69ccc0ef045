# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_stock_balance,
    immex_stock_balance_line,
    immex_stock_balance_place,
)
