# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class ImmexPedimentoFile(models.Model):
    """What a broker delivered as a file that goes."""

    # a topic a file
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "immex.pedimento.file"

    @api.private
    def _job_ended(self, state, error, exception):
        """What was loaded in the background is found by its numbers, too."""
        result = super()._job_ended(state, error, exception)
        deliveries = self.env["immex.broker.delivery"].sudo()
        loaded = self.sudo().filtered(lambda file: file.state == "loaded")
        deliveries.search(
            [("file_id", "in", loaded.ids), ("number_ids", "=", False)]
        )._number_by_file()
        return result

    @api.ondelete(at_uninstall=False)
    def _settle_deliveries(self):
        """A file that brought nothing goes after a month; what it ended in, and why,
        stays with its delivery, which the broker may still ask for."""
        deliveries = self.env["immex.broker.delivery"].sudo()
        for delivery in deliveries.search([("file_id", "in", self.ids)]):
            known = delivery.state == "known"
            delivery.write(
                {
                    "outcome": "known" if known else "refused",
                    "issues": delivery._issues_now(),
                }
            )
