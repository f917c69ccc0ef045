# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ImmexCoveSource(models.AbstractModel):
    """What a COVE is made of: invoices, or transfers; each says how
    (:meth:`_immex_cove_draft`)."""

    _name = "immex.cove.source"
    _description = "Source of a COVE"

    immex_cove_ids = fields.Many2many(
        "immex.cove",
        string="Acuses de Valor",
        copy=False,
        groups="immex_compliance.group_user",
    )
    immex_cove_numbers = fields.Char(
        "COVE",
        compute="_compute_immex_cove_numbers",
        compute_sudo=True,
        help="E-documents under which VUCEM registered the value of these goods.",
    )

    @api.depends("immex_cove_ids.edocument")
    def _compute_immex_cove_numbers(self):
        for source in self:
            numbers = source.immex_cove_ids.mapped("edocument")
            source.immex_cove_numbers = ", ".join(sorted(filter(None, numbers)))

    def _immex_cove_draft(self):
        """A draft of one COVE for these records."""
        raise NotImplementedError

    def action_immex_cove(self):
        """Show the COVE of these records; without any, make the draft of one."""
        return (self.immex_cove_ids or self._immex_cove_draft())._open()

    def action_immex_cove_new(self):
        """One more COVE of these records: of several invoices in one shipment, or of a
        shipment in parts."""
        return self._immex_cove_draft()._open()
