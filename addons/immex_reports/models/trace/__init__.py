# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_job,
    immex_trace,
    immex_trace_file,
    immex_trace_side,
    immex_trace_source,
    trace_sources,
)
