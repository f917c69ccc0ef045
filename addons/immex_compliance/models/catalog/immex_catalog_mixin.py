# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, tools
from odoo.fields import Domain


def _plain(text):
    """``text`` for a pattern that means just that text."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


class ImmexCatalogMixin(models.AbstractModel):
    """An entry of an official catalogue: key, official text, validity.

    Entries are shared by all companies. An update closes the validity of an entry and
    adds another; it never changes what a document of a user says.
    """

    _name = "immex.catalog.mixin"
    _inherit = "immex.catalog.edition"
    _description = "Catalogue entry"
    _order = "code, id"
    _rec_names_search = ["code", "name"]

    code = fields.Char("Key", required=True, index=True)
    name = fields.Char("Official Text", required=True)
    valid_from = fields.Date(help="First day; empty: always was in force.")
    valid_to = fields.Date(help="Last day; empty: in force.")
    active = fields.Boolean(default=True)

    @api.depends("code", "name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.code} {record.name or ''}".strip()

    @api.model
    def _search_display_name(self, operator, value):
        """Typing finds keys that begin so, and official texts that contain it."""
        if operator not in ("ilike", "like") or not isinstance(value, str) or not value:
            return super()._search_display_name(operator, value)
        domain = Domain("name", "ilike", _plain(value))
        if prefix := self._code_prefix(value):
            domain |= Domain("code", "=ilike", _plain(prefix) + "%")
        return domain

    @api.model
    def _code_prefix(self, text):
        """Beginning of a key that ``text``, as typed, stands for."""
        return text.strip()

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _valid_domain(self, date):
        """Domain of the entries in force at ``date`` (None: all)."""
        if not date:
            return Domain.TRUE
        return (Domain("valid_from", "=", False) | Domain("valid_from", "<=", date)) & (
            Domain("valid_to", "=", False) | Domain("valid_to", ">=", date)
        )

    @api.model
    def _by_code(self, codes=None, date=None):
        """Return ``{code: id}`` of the entries in force at ``date``."""
        domain = self._valid_domain(date)
        if codes is not None:
            domain &= Domain("code", "in", list(codes))
        rows = self.search_fetch(domain, ["code"], order="valid_from, id")
        return {row.code: row.id for row in rows}

    @api.model
    def _lookup(self, code, date=None):
        """Return the entry of ``code`` in force at ``date`` (None: the latest), or an
        empty recordset. Cached until the catalogue changes."""
        return self.browse(self._lookup_id(code, date))

    @api.model
    @tools.ormcache("code", "date")
    def _lookup_id(self, code, date):
        return (
            self.sudo()
            .search(
                self._valid_domain(date) & Domain("code", "=", code),
                order="valid_from desc nulls last, id desc",
                limit=1,
            )
            .id
        )
