# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexPaymentForm(models.Model):
    """Form of payment of contributions, Anexo 22, Appendix 13."""

    _name = "immex.payment.form"
    _inherit = "immex.catalog.mixin"
    _description = "Form of payment"

    _code_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (code, valid_from)", "This key already exists."
    )
