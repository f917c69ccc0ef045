# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import immex_program
from . import immex_program_site
from . import res_company
from . import res_config_settings
