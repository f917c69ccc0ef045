# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain

KINDS = [
    ("decree_annex_1", "Decree, Annex I: may not be imported temporarily"),
    ("decree_annex_2", "Decree, Annex II: needs an authorisation"),
    ("rgce_28", "RGCE, Anexo 28: sensitive goods"),
    ("rgce_29", "RGCE, Anexo 29: may not be imported temporarily"),
    ("petroleum", "Petroleum products: barred from the regime"),
]
BLOCKING = ("decree_annex_1", "rgce_29", "petroleum")


class ImmexRestriction(models.Model):
    """A tariff item that the law bars from, or limits in, temporary import.

    LA 108 last paragraph (petroleum products) prevails over the Decree; RGCE 4.3.4
    (Anexo 29); Decreto IMMEX, Annexes I and II.
    """

    _name = "immex.restriction"
    _description = "Restricted tariff item"
    _order = "fraccion, kind"
    _rec_name = "fraccion"

    fraccion = fields.Char("Tariff Item", size=8, required=True, index=True)
    nicos = fields.Char("NICO", help="Separated by spaces; empty means all.")
    kind = fields.Selection(KINDS, required=True)
    section = fields.Char("Section or Apartado")
    name = fields.Char("Official Text")
    valid_from = fields.Date()
    valid_to = fields.Date()
    blocking = fields.Boolean(compute="_compute_blocking")

    _unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (fraccion, kind, section, valid_from)",
        "This restriction already exists.",
    )

    @api.depends("kind")
    def _compute_blocking(self):
        for restriction in self:
            restriction.blocking = restriction.kind in BLOCKING

    @api.model
    def _blocked(self, items, date=None):
        """Return ``{(fraccion, nico): restriction}`` of what may not be imported
        temporarily.

        :param items: iterable of (fraccion, nico)
        :param date: date of the import; None takes every restriction
        """
        items = set(items)
        domain = Domain("fraccion", "in", [item[0] for item in items]) & Domain(
            "kind", "in", BLOCKING
        )
        if date:
            domain &= self.env["immex.catalog.mixin"]._valid_domain(date)
        found = {}
        for restriction in self.search(domain):
            nicos = set((restriction.nicos or "").split())
            for fraccion, nico in items:
                if fraccion == restriction.fraccion and (
                    not nicos or nico in nicos or nicos == {"00"}
                ):
                    found[fraccion, nico] = restriction
        return found
