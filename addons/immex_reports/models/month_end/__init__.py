# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_job,
    immex_month_end,
    immex_month_end_checks,
    immex_month_end_close,
    immex_month_end_print,
    immex_month_end_step,
    immex_period_close,
)
