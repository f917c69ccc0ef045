# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexDatastageRecord(models.Model):
    _inherit = "immex.datastage.record"

    _cleared = models.Index("(datastage_id) WHERE table_name IN ('Sel', 'Inci')")
