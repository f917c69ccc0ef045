# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from werkzeug.routing import IntegerConverter

from odoo import models

LAST_ID = 2**31 - 1  # of the database's integers


class RecordId(IntegerConverter):
    """``<record_id:name>`` in a route: what can be the id of a record. Any other number
    is no address, and never comes to a query."""

    def __init__(self, url_map):
        super().__init__(url_map, min=1, max=LAST_ID)


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_converters(cls):
        return {**super()._get_converters(), "record_id": RecordId}
