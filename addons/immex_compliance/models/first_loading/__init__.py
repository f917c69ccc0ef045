# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_first_loading,
    immex_first_loading_balance,
    immex_first_loading_chain,
    immex_first_loading_line,
    immex_first_loading_lists,
    immex_first_loading_passed,
    immex_first_loading_short,
)
