# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

KINDS = [
    ("decree_annex_1", "Decree, Annex I: may not be imported temporarily"),
    ("decree_annex_2", "Decree, Annex II: needs an authorisation"),
    ("rgce_28", "RGCE, Anexo 28: sensitive goods"),
    ("rgce_29", "RGCE, Anexo 29: may not be imported temporarily"),
    ("petroleum", "Petroleum products: barred from the regime"),
]
BLOCKING = ("petroleum", "rgce_29", "decree_annex_1")


class ImmexRestriction(models.Model):
    """A tariff item that the law bars from, or limits in, temporary import.

    LA 108 last paragraph (petroleum products) prevails over the Decree; RGCE 4.3.4
    (Anexo 29); Decreto IMMEX, Annexes I and II; RGCE 7.1.2 (Anexo 28).
    """

    _name = "immex.restriction"
    _inherit = "immex.catalog.edition"
    _description = "Restricted tariff item"
    _order = "fraccion, kind"
    _rec_names_search = ["fraccion", "name"]
    _natural_key = ("fraccion", "kind", "section", "valid_from")

    fraccion = fields.Char("Tariff Item", size=8, required=True, index=True)
    nicos = fields.Char("NICO", help="Separated by spaces; empty means all.")
    kind = fields.Selection(KINDS, required=True)
    section = fields.Char("Section or Apartado")
    name = fields.Char("Official Text")
    legal_source = fields.Char()
    valid_from = fields.Date(help="First day; empty: always was in force.")
    valid_to = fields.Date(help="Last day; empty: in force.")
    conditional = fields.Boolean(
        "Allowed With Authorisation",
        help="Chapters 17, 18 and 21 of Annex I may be imported by who meets Annex II, "
        "apartado A (Decreto IMMEX, Annex I, last paragraph).",
    )
    blocking = fields.Boolean(
        compute="_compute_blocking",
        search="_search_blocking",
        help="Temporary import is stopped; the others are shown only.",
    )

    _unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (fraccion, kind, section, valid_from)",
        "This restriction already exists.",
    )

    @api.depends("kind", "conditional")
    def _compute_blocking(self):
        for restriction in self:
            restriction.blocking = (
                restriction.kind in BLOCKING and not restriction.conditional
            )

    @api.model
    def _search_blocking(self, operator, value):
        if operator != "in":
            return NotImplemented
        stops = Domain("kind", "in", BLOCKING) & Domain("conditional", "!=", True)
        domains = {True: stops, False: ~stops}
        return Domain.OR(domains[bool(wanted)] for wanted in set(value))

    @api.depends("fraccion", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for restriction in self:
            restriction.display_name = (
                f"{restriction.fraccion} {labels.get(restriction.kind, '')}"
            )

    @api.model
    def _check_items(self, items, date=None, kinds=None):
        """Return ``{(fraccion, nico): restrictions}``, those that block first.

        :param items: iterable of (fraccion of 8 digits, NICO of 2 digits or empty).
            An item without NICO meets every restriction of its fracción: what cannot
            be told apart is not let through.
        :param date: date of the import; None takes every restriction
        :param kinds: kinds to look for; None takes all
        """
        items = sorted({(fraccion or "", nico or "") for fraccion, nico in items})
        if not items:
            return {}
        self.flush_model()
        conditions = SQL("TRUE")
        if date:
            conditions = SQL(
                "%(date)s::date BETWEEN COALESCE(r.valid_from, '-infinity')"
                " AND COALESCE(r.valid_to, 'infinity')",
                date=date,
            )
        if kinds is not None:
            conditions = SQL("%s AND r.kind IN %s", conditions, tuple(kinds))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT i.fraccion, i.nico, r.id
                  FROM unnest(%(fracciones)s::text[], %(nicos)s::text[])
                       AS i (fraccion, nico)
                  JOIN immex_restriction r ON r.fraccion = i.fraccion
                 WHERE (COALESCE(r.nicos, '') IN ('', '00') OR i.nico = ''
                        OR i.nico = ANY (string_to_array(r.nicos, ' ')))
                   AND %(conditions)s
                 ORDER BY array_position(%(blocking)s::text[], r.kind::text), r.id
                """,
                fracciones=[item[0] for item in items],
                nicos=[item[1] for item in items],
                conditions=conditions,
                blocking=list(BLOCKING),
            )
        )
        found = {}
        for fraccion, nico, res_id in rows:
            found.setdefault((fraccion, nico), []).append(res_id)
        return {item: self.browse(ids) for item, ids in found.items()}

    @api.model
    def _blocked(self, items, date=None):
        """Return ``{(fraccion, nico): restriction}`` of what may not be imported
        temporarily; the law comes before the rules and the Decree.

        :param items: iterable of (fraccion, nico)
        :param date: date of the import; None takes every restriction
        """
        found = self._check_items(items, date, BLOCKING)
        stopped = {
            item: entries.filtered("blocking") for item, entries in found.items()
        }
        return {item: entries[:1] for item, entries in stopped.items() if entries}
