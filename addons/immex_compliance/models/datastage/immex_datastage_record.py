# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexDatastageRecord(models.Model):
    """A row of a Data Stage table that has no model of its own, as it came.

    Also rows of pedimentos that table 501 lacks, and columns that nobody knew: nothing
    of a file is lost.
    """

    _name = "immex.datastage.record"
    _description = "Row of a Data Stage table"
    _order = "file_id, table_name, line, id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    file_id = fields.Many2one(
        "immex.pedimento.file",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    datastage_id = fields.Many2one(
        "immex.datastage.pedimento",
        "Pedimento",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    table_name = fields.Char("Table", required=True, readonly=True)
    line = fields.Integer(readonly=True)
    content = fields.Json(readonly=True)
