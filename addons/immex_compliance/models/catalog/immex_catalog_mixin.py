# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain


class ImmexCatalogMixin(models.AbstractModel):
    """An entry of an official catalogue: key, official text, validity.

    Entries are shared by all companies. An update closes the validity of an entry and
    adds another; it never changes what a document of a user says.
    """

    _name = "immex.catalog.mixin"
    _description = "Catalogue entry"
    _order = "code, id"
    _rec_names_search = ["code", "name"]

    code = fields.Char("Key", required=True, index=True)
    name = fields.Char("Official Text", required=True)
    valid_from = fields.Date()
    valid_to = fields.Date()
    active = fields.Boolean(default=True)

    @api.depends("code", "name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.code} {record.name or ''}".strip()

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
