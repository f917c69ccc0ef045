# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_digest,
    immex_digest_content,
    immex_expiry_month,
    immex_layer,
    immex_way_out,
    immex_way_out_line,
    res_company,
    res_config_settings,
    res_users,
)
