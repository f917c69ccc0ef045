# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

BY_FOLIO = ("ctm", "cfdi", "donation")


class ImmexPedimento(models.Model):
    """What a discharge report names in the place of the pedimento."""

    _inherit = "immex.pedimento"  # pylint: disable=consider-merging-classes-inherited

    scccyg_folio = fields.Char(
        "Folio of CTM, CFDI or Donation",
        copy=False,
        tracking=True,
        help="Register folio of the constancia de transferencia de mercancías, fiscal "
        "folio of the CFDI, or folio of the notice of donation: the discharge report "
        "of such a destination names it (Anexo 30, III-c-3).",
    )
    is_scccyg_by_folio = fields.Boolean(compute="_compute_is_scccyg_by_folio")
    scccyg_date = fields.Date(
        "Date of That Document",
        copy=False,
        tracking=True,
        help="Issue of the constancia or CFDI, acknowledgement of the notice of "
        "donation: it decides the period of the report (Anexo 30, III-c-2).",
    )

    @api.depends("operation_rule_id.destination", "operation_rule_id.exit_kind")
    def _compute_is_scccyg_by_folio(self):
        for pedimento in self:
            rule = pedimento.operation_rule_id
            pedimento.is_scccyg_by_folio = (
                rule.destination or rule.exit_kind
            ) in BY_FOLIO
