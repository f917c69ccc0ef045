# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The models that have a traceability file, and those that it holds many of."""

from odoo import models


class ImmexPedimento(models.Model):
    _name = "immex.pedimento"
    _inherit = ["immex.pedimento", "immex.trace.source"]


class ImmexPedimentoPartida(models.Model):
    _name = "immex.pedimento.partida"
    _inherit = ["immex.pedimento.partida", "immex.trace.source"]


class ImmexPedimentoGoods(models.Model):
    _name = "immex.pedimento.goods"
    _inherit = ["immex.pedimento.goods", "immex.trace.source"]


class ImmexLayer(models.Model):
    _name = "immex.layer"
    _inherit = ["immex.layer", "immex.trace.source", "immex.trace.side"]


class ImmexExitLine(models.Model):
    _name = "immex.exit.line"
    _inherit = ["immex.exit.line", "immex.trace.source", "immex.trace.side"]


class ImmexDischarge(models.Model):
    _name = "immex.discharge"
    _inherit = ["immex.discharge", "immex.trace.source"]


class ImmexFinding(models.Model):
    _name = "immex.finding"
    _inherit = ["immex.finding", "immex.trace.source"]


class ImmexProductionLayer(models.Model):
    _name = "immex.production.layer"
    _inherit = ["immex.production.layer", "immex.trace.source", "immex.trace.side"]


class ImmexMovement(models.Model):
    _name = "immex.movement"
    _inherit = ["immex.movement", "immex.trace.source"]


class ImmexDestruction(models.Model):
    _name = "immex.destruction"
    _inherit = ["immex.destruction", "immex.trace.source"]


class ImmexRemesa(models.Model):
    _name = "immex.remesa"
    _inherit = ["immex.remesa", "immex.trace.source"]
