# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo import models

from ..formats.m3.draft import clean, identifiers_of


class ImmexBrokerDraft(models.TransientModel):
    """What a draft lacks, each with what to do."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "immex.broker.draft"

    def _missing(self, quantities):
        """What the files need and nobody said yet, each with what to do."""
        found = []
        for right, text in (
            (
                re.fullmatch(r"[0-9]{4}", self.patente or ""),
                self.env._("Broker's patent: enter its 4 digits."),
            ),
            (self.customs_office_id, self.env._("Office and section: choose one.")),
            (self.key_id, self.env._("Pedimento key: choose one (IN, RT ...).")),
            (
                re.fullmatch(r"[0-9]{7}", self.document or ""),
                self.env._("Document number: enter 7 digits."),
            ),
            (self.company_id.vat, self.env._("RFC: enter it on the company.")),
            (self.invoice_number, self.env._("Invoice or COVE: enter its number.")),
            (self.invoice_date, self.env._("Date of the invoice: enter it.")),
            (self.usd_rate > 0, self.env._("Dollars a unit: enter the rate.")),
            (self.exchange_rate > 0, self.env._("Pesos a dollar: enter the rate.")),
            (
                self._country(),
                self.env._(
                    "Country of the supplier or buyer: enter it on the contact."
                ),
            ),
            (self.line_ids, self.env._("There is no part.")),
        ):
            if not right:
                found.append(text)
        for line in self.line_ids:
            found += [
                f"{line.product_id.display_name}: {text}"
                for text in self._missing_of(line, quantities)
            ]
        return found

    def _missing_of(self, line, quantities):
        item = line.tariff_item_id
        product = line.product_id
        if not product.default_code:
            yield self.env._("enter a part number (internal reference) on the product.")
        if not clean(line.description, 250):
            yield self.env._("enter a description.")
        if not line.origin_id:
            yield self.env._("choose the country of origin or destination.")
        if not quantities["value"].get(line.id):
            yield self.env._("enter the value: no line of an order gives a price.")
        if not line.umc_id:
            yield self.env._("choose the UMC.")
        elif quantities["umc"].get(line.id) is None:
            yield self.env._(
                "enter a factor of unit %s on the product (page IMMEX).",
                line.umc_id.display_name,
            )
        elif not quantities["umc"][line.id]:
            yield self.env._("the quantity in the UMC rounds to nothing (3 decimals).")
        yield from self._missing_identifiers(line)
        if not item:
            yield self.env._("choose the tariff item.")
        elif not item.unit_id:
            yield self.env._("the tariff item has no unit: choose another.")
        elif not quantities["umt"].get(line.id):
            yield self.env._(
                "enter a factor of unit %s on the product (page IMMEX).",
                item.unit_id.display_name,
            )

    def _missing_identifiers(self, line):
        """Identifiers that no record can hold, or of no key of Appendix 8."""
        try:
            identifiers = identifiers_of(line.identifiers)
        except ValueError as error:
            yield self.env._(
                "identifier %s has too many or too long complements, or no key.", error
            )
            return
        keys = {key for key, *_complements in identifiers}
        known = self.env["immex.identifier"].search(
            [("code", "in", list(keys)), ("level", "=", "P")]
        )
        for key in sorted(keys - set(known.mapped("code"))):
            yield self.env._("identifier %s is none of a partida in Appendix 8.", key)
