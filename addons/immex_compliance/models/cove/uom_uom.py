# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class UomUom(models.Model):
    _inherit = "uom.uom"

    immex_cove_code = fields.Char(
        "COVE Unit",
        size=10,
        help="Key of this unit in the catalogue of COVE, where it is not the one of "
        "the customs unit (Anexo 22, Appendix 7) that means the same.",
    )

    def _immex_cove_codes(self):
        """Keys of COVE by unit; a unit without one is left out."""
        units = self.env["immex.unit"].search_fetch(
            [("uom_id", "in", self.ids), ("cove_code", "!=", False)],
            ["uom_id", "cove_code"],
        )
        codes = {unit.uom_id: unit.cove_code for unit in units}
        for uom in self:
            if uom.immex_cove_code:
                codes[uom] = uom.immex_cove_code
        return codes
