# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_finding,
    immex_fine,
    immex_layer,
    immex_levy_rate,
    immex_monthly_figure,
    immex_price_index,
    immex_receipt_check,
    immex_receipt_check_line,
    immex_regularization,
    immex_regularization_compute,
    immex_regularization_fine,
    immex_regularization_line,
    immex_surcharge_rate,
)
