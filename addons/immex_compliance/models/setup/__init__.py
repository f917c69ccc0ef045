# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_job,
    immex_setup,
    immex_setup_checks,
    immex_setup_doors,
    immex_setup_part,
    immex_setup_part_confirm,
    immex_setup_step,
    immex_setup_transfer,
)
