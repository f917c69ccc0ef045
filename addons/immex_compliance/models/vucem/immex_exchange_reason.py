# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from ..cove.abstract_meaning import MEANING


class ImmexExchange(models.Model):
    _name = "immex.exchange"
    _inherit = ["immex.exchange", MEANING]
