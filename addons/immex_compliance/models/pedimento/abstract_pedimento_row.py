# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class AbstractPedimentoRow(models.AbstractModel):
    """A row of a pedimento: it is of the pedimento's company, whoever enters it."""

    _name = "immex.abstract.pedimento.row"
    _description = "Row of a pedimento"

    @api.model_create_multi
    def create(self, vals_list):
        pedimentos = self.env["immex.pedimento"]
        for vals in vals_list:
            if not vals.get("company_id") and vals.get("pedimento_id"):
                pedimento = pedimentos.browse(vals["pedimento_id"])
                vals["company_id"] = pedimento.company_id.id
        return super().create(vals_list)
