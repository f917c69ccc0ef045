# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import UserError
from odoo.tools import SQL

from .engine import changes, invariants, value_invariants
from .tools.cff import CFF_FUNCTIONS

MINIMUM_POSTGRES = 150000  # NULLS NOT DISTINCT


def pre_init_hook(env):
    """Refuse a server that lacks what the tables need, before anything is made."""
    version = env.cr.connection.server_version
    if version < MINIMUM_POSTGRES:
        raise UserError(
            env._(
                "IMMEX Compliance needs PostgreSQL 15 or newer; this server is "
                "%(version)s. Upgrade the server, then install again.",
                version=version,
            )
        )


def uninstall_hook(env):
    """Remove the engine's functions; the triggers go with their tables."""
    for function in (
        *invariants.FUNCTIONS,
        *value_invariants.FUNCTIONS,
        *changes.FUNCTIONS,
        *CFF_FUNCTIONS,
    ):
        name = function.partition("(")[0]
        env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s CASCADE", SQL.identifier(name)))
    env.cr.execute("DROP TABLE IF EXISTS immex_ledger_gate")
