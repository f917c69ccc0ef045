# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_job,
    immex_program,
    immex_reconciliation,
    immex_reconciliation_coverage,
    immex_reconciliation_line,
    immex_reconciliation_run,
)
