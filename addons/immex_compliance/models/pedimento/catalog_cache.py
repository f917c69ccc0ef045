# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Anexo 22 catalogues read once per file, then asked from dictionaries."""

from collections import defaultdict
from datetime import date

from odoo.tools import SQL


class Catalog:
    """``{code: [(valid_from, valid_to, id), ...]}`` of one catalogue model.

    Keys are compared without leading zeros where ``padded`` is false: brokers write
    unit 06 and 6.
    """

    def __init__(self, env, model: str, extra: str | None = None, padded=True):
        table = SQL.identifier(env[model]._table)
        columns = SQL(", %s", SQL.identifier(extra)) if extra else SQL(", NULL")
        rows = env.execute_query(
            SQL(
                "SELECT code, valid_from, valid_to, id %s FROM %s"
                " ORDER BY code, valid_from NULLS FIRST, id",
                columns,
                table,
            )
        )
        self._padded = padded
        self._entries = defaultdict(list)
        for code, valid_from, valid_to, res_id, value in rows:
            self._entries[self._normal(code)].append(
                (valid_from or date.min, valid_to or date.max, res_id, value)
            )

    def _normal(self, code):
        return code if self._padded else (code or "").lstrip("0") or code

    def __contains__(self, code):
        return self._normal(code) in self._entries

    def codes(self):
        """The codes, as compared."""
        return self._entries.keys()

    def find(self, code, at=None):
        """Return ``(id, extra)`` of the entry in force at ``at``; else of the latest
        entry of that code; ``(None, None)`` where the code is unknown."""
        entries = self._entries.get(self._normal(code))
        if not entries:
            return None, None
        if at:
            for valid_from, valid_to, res_id, value in entries:
                if valid_from <= at <= valid_to:
                    return res_id, value
        return entries[-1][2:]

    def in_force(self, code, at) -> bool:
        """Whether an entry of that code is in force at ``at`` (None: any)."""
        return not at or any(
            valid_from <= at <= valid_to
            for valid_from, valid_to, *_rest in self._entries.get(
                self._normal(code), ()
            )
        )


class Catalogs:
    """The catalogues that a pedimento file refers to."""

    def __init__(self, env):
        self.offices = Catalog(env, "immex.customs.office")
        self.keys = Catalog(env, "immex.pedimento.key")
        self.units = Catalog(env, "immex.unit", padded=False)
        self.countries = Catalog(env, "immex.country", "country_id")
        self.currencies = Catalog(env, "immex.currency")
        self.contributions = Catalog(env, "immex.contribution", padded=False)
        self.payment_forms = Catalog(env, "immex.payment.form", padded=False)
        self.rate_types = Catalog(env, "immex.rate.type", padded=False)
        self.identifiers = {
            level: IdentifierCatalog(env, level) for level in ("G", "P")
        }
        self.incoterms = Catalog(env, "immex.incoterm")
        self.tariff_items = Catalog(env, "immex.tariff.item")
        self.fracciones = {code[:8] for code in self.tariff_items.codes()}

    def office_known(self, code) -> bool:
        """Whether an office and section exist. Twelve offices have no section digit
        in the official text: theirs is taken on trust."""
        return code in self.offices or code[:2] in self.offices

    def office_id(self, code, at):
        """Id of office and section, else of the office alone, else None."""
        return self.offices.find(code, at)[0] or self.offices.find(code[:2], at)[0]


class IdentifierCatalog(Catalog):
    """Identifiers of one level (G pedimento, P partida); some keys exist at both."""

    def __init__(self, env, level):
        super().__init__(env, "immex.identifier", "level")
        self._entries = {
            code: matching
            for code, entries in self._entries.items()
            if (matching := [entry for entry in entries if entry[3] == level])
        }
