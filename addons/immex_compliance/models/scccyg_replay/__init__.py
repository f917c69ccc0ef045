# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_job,
    immex_scccyg_layout,
    immex_scccyg_replay,
    immex_scccyg_replay_charge,
    immex_scccyg_replay_difference,
    immex_scccyg_replay_discharge,
    immex_scccyg_replay_file,
    immex_scccyg_replay_line,
    immex_scccyg_replay_piece,
    immex_scccyg_replay_step,
)
