# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_report_delivery,
    immex_report_delivery_line,
    immex_report_delivery_line_send,
    immex_report_run,
)
