# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ...formats import number

# Of a pedimento that a person types, the sums of its partidas.
TOTALS = """
UPDATE immex_pedimento p
   SET total_usd = s.usd, total_customs_value = s.customs,
       total_commercial_value = s.commercial
  FROM (SELECT p.id, COALESCE(sum(x.value_usd), 0) AS usd,
               COALESCE(sum(x.customs_value), 0) AS customs,
               COALESCE(sum(x.commercial_value), 0) AS commercial
          FROM immex_pedimento p
          LEFT JOIN immex_pedimento_partida x ON x.pedimento_id = p.id
         WHERE p.id = ANY(%(ids)s) AND p.origin = 'manual'
         GROUP BY p.id) s
 WHERE p.id = s.id
   AND (p.total_usd, p.total_customs_value, p.total_commercial_value)
       IS DISTINCT FROM (s.usd, s.customs, s.commercial)
"""


class ImmexPedimento(models.Model):
    """Entry by keyboard of the few pedimentos that come in no file."""

    # a topic a file: the model itself is long enough
    _inherit = "immex.pedimento"  # pylint: disable=consider-merging-classes-inherited

    typed_number = fields.Char(
        "Number",
        store=False,
        help="15 digits in any spacing (24 47 3123 4001234), or 16 with the section of "
        "the customs office (26 240 3108 6000123): fills the boxes of the number.",
    )

    @api.onchange("typed_number")
    def _onchange_typed_number(self):
        typed = "".join(
            sign for sign in self.typed_number or "" if sign not in " -./\t"
        )
        section = ""
        if len(typed) == 16:
            # the third digit of the office is its section, no part of the number
            section, typed = typed[4], typed[:4] + typed[5:]
        if not typed:
            return None
        try:
            parts = number.split(typed)
        except ValueError:
            return {
                "warning": {
                    "title": self.env._("Pedimento Number"),
                    "message": self.env._(
                        "%(typed)s is not the number of a pedimento: 15 digits, or 16 "
                        "with the section of the customs office.",
                        typed=self.typed_number,
                    ),
                }
            }
        self.year = 2000 + int(parts.year)
        self.office, self.patente = parts.office, parts.patente
        self.document = parts.document
        self.office_section = parts.office + (section or "0")
        self._onchange_office_section()
        return None

    @api.onchange("office_section")
    def _onchange_office_section(self):
        if self.office_section:
            self.customs_office_id = self.env["immex.customs.office"].search(
                [("code", "=", self.office_section)], limit=1
            )

    @api.model_create_multi
    def create(self, vals_list):
        pedimentos = super().create(vals_list)
        typed = [bool(vals.get("partida_ids")) for vals in vals_list]
        pedimentos.browse(
            pedimento.id
            for pedimento, has_rows in zip(pedimentos, typed, strict=True)
            if has_rows
        )._typed()
        return pedimentos

    def write(self, vals):
        result = super().write(vals)
        if vals.get("partida_ids"):
            self._typed()
        return result

    @api.private
    def _typed(self):
        """Partidas of these pedimentos were typed: settle those entered by hand.

        Once all rows are there: whose code a part number is, the invoices tell.
        """
        typed = self.filtered(lambda pedimento: pedimento.origin == "manual").sudo()
        if typed:
            typed._link_arrival()
            typed._recompute_detail()

    @api.private
    def _sum_typed(self):
        """The sums of pedimentos by hand are those of their partidas."""
        typed = self.filtered(lambda pedimento: pedimento.origin == "manual")
        if typed:
            self.env.flush_all()
            self.env.cr.execute(TOTALS, {"ids": typed.ids})
            typed.invalidate_recordset(
                ["total_usd", "total_customs_value", "total_commercial_value"]
            )
