# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_credit_account,
    immex_credit_account_line,
    immex_discharge,
    immex_pedimento,
    immex_scccyg_document,
    immex_scccyg_goods,
    immex_scccyg_layout,
    immex_scccyg_report,
    immex_scccyg_report_correction,
    immex_scccyg_report_file,
    immex_scccyg_report_guard,
    validation,
)
