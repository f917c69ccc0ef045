# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_job,
    immex_scccyg_hit,
    immex_scccyg_layout,
    immex_scccyg_report,
    immex_scccyg_rule,
    immex_scccyg_validation,
)
