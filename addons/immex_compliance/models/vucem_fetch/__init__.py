# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_exchange,
    immex_pedimento_file,
    immex_vucem_access,
    immex_vucem_day,
    immex_vucem_fetch,
    immex_vucem_fetch_hooks,
    immex_vucem_fetch_partida,
)
