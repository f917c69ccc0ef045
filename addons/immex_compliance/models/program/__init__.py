# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_discharge_method,
    immex_program,
    immex_program_site,
    res_company,
    res_config_settings,
    res_partner,
)
