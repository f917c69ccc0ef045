from . import (
    immex_destruction,
    immex_destruction_line,
    immex_discharge,
    immex_discharge_run,
    immex_exit_line,
    immex_finding,
    immex_layer,
    immex_movement,
    immex_production_consumption,
    immex_production_layer,
    immex_requirement,
)
