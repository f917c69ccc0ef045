# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

from odoo import api, models

_logger = logging.getLogger(__name__)


class IrModelData(models.Model):
    _inherit = "ir.model.data"

    @api.model
    def _process_end_unlink_record(self, record):
        """An entry that a new edition of a catalogue lacks stays: documents refer to
        it, and optional references would be emptied in silence."""
        if isinstance(record, self.env.registry["immex.catalog.edition"]):
            _logger.info("%s is no longer in the shipped edition; kept", record)
            self.search(
                [("model", "=", record._name), ("res_id", "=", record.id)]
            ).noupdate = True
            return None
        return super()._process_end_unlink_record(record)
