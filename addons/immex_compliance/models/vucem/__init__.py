# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_exchange,
    immex_exchange_reason,
    immex_exchange_replay,
    immex_vucem_access,
    immex_vucem_access_transport,
)
