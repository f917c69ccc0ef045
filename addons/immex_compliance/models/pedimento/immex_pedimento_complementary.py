# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from . import record_meaning

SHOWN = 500  # records of a pedimento; the others are among the lines of its file


class ImmexPedimento(models.Model):
    """The complementary pedimento (key CT): what is determined and paid where goods go
    to a country of the treaty (T-MEC 2.5)."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "immex.pedimento"

    complementary = fields.Html(
        compute="_compute_complementary",
        help="Determination and payment of duties on goods that went to a country of "
        "the treaty (T-MEC 2.5), as records 301 to 358 of the file tell them.",
    )

    @api.depends("record_ids")
    @api.depends_context("lang")
    def _compute_complementary(self):
        for pedimento in self:
            records = self.env["immex.pedimento.record"].search(
                [
                    ("pedimento_id", "=", pedimento._origin.id),
                    ("record_type", "in", record_meaning.COMPLEMENTARY),
                ],
                order="line",
                limit=SHOWN,
            )
            pedimento.complementary = record_meaning.by_type(
                self.env, [(record.line, record.text) for record in records]
            )
