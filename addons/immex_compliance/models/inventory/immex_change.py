# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexChange(models.Model):
    """A fact that changed since the last run: a queue that triggers feed.

    A row is an insert, no more; the run that has dealt with it deletes it. See
    ``engine/changes.py``.
    """

    _name = "immex.change"
    _description = "Changed fact"
    _order = "id"
    _rec_name = "kind"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    kind = fields.Char(size=1, required=True)
    ref_id = fields.Integer("Id")

    _company = models.Index("(company_id)")
