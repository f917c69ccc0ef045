# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexPedimentoReference(models.Model):
    """Another pedimento that this one names: discharge (512) or rectified (701).

    Block 512 of a virtual exit names the receiver's import and never selects
    layers; in an F4 or A3 it is compared with PEPS.
    """

    _name = "immex.pedimento.reference"
    _description = "Pedimento named by a pedimento"
    _order = "pedimento_id, id"
    _check_company_auto = True

    pedimento_id = fields.Many2one(
        "immex.pedimento",
        check_company=True,
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True)
    kind = fields.Selection(
        [("discharge", "Discharge (512)"), ("rectified", "Rectification (701)")],
        required=True,
    )
    patente = fields.Char(size=4)
    document = fields.Char(size=7, index=True)
    office_section = fields.Char(size=3)
    key_code = fields.Char(
        size=2,
        help="Key of the named pedimento; in a rectification, the key under which it "
        "acts from now on.",
    )
    date = fields.Date()
    fraccion = fields.Char(size=8)
    unit_code = fields.Char(size=2)
    quantity = fields.Float(digits=(24, 6))
    target_id = fields.Many2one(
        "immex.pedimento",
        "Recorded Pedimento",
        check_company=True,
        index="btree_not_null",
    )

    _open = models.Index("(company_id, patente, document) WHERE target_id IS NULL")
