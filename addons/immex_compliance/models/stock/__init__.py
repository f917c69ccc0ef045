# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import product_template
from . import immex_part_factor
from . import stock_location
from . import stock_lot
from . import stock_move
from . import stock_picking
from . import mrp_production
