# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def uninstall_hook(env):
    """Remove the guard of the authority's log, whose table goes with the models."""
    env.cr.execute("DROP FUNCTION IF EXISTS immex_access_log_guard CASCADE")
