# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Reads a file of products on hand into its opening's lines: all or nothing."""

from ...formats.opening_stock import STATUSES, OpeningStockReader
from .opening_loader import OpeningLoader

# Of the lots that the file names, not all of the company's.
LOTS = """
SELECT l.product_id, l.name, min(l.id)
  FROM unnest(%s::integer[], %s::varchar[]) AS x(product_id, name)
  JOIN stock_lot l ON l.product_id = x.product_id AND l.name = x.name
 WHERE l.company_id IS NULL OR l.company_id = %s
 GROUP BY l.product_id, l.name
"""
CLASSES = """
SELECT pp.id, pt.immex_class
  FROM product_product pp JOIN product_template pt ON pt.id = pp.product_tmpl_id
 WHERE pt.immex_class IS NOT NULL
"""
# Temporary material in the products, beyond what remains of its imports.
BEYOND = """
SELECT COALESCE(pp.default_code, ''), s.needed::text, COALESCE(l.balance, 0)::text
  FROM (SELECT material_id, sum(qty_incorporated + qty_merma) AS needed
          FROM immex_opening_stock
         WHERE opening_id = %(opening_id)s AND customs_status = 'temporary'
         GROUP BY material_id) s
  JOIN product_product pp ON pp.id = s.material_id
  LEFT JOIN (SELECT product_id, sum(balance) AS balance
               FROM immex_opening_line WHERE opening_id = %(opening_id)s
              GROUP BY product_id) l ON l.product_id = s.material_id
 WHERE s.needed > COALESCE(l.balance, 0)
 ORDER BY 1
 LIMIT 20
"""


class OpeningStockLoader(OpeningLoader):
    """One file of products of one draft opening, whose balances are loaded.

    :raise FileRefused: with all that is wrong; nothing was written then
    """

    reader_class = OpeningStockReader
    model = "immex.opening.stock"
    columns = (
        "opening_id",
        "company_id",
        "source_line",
        "product_id",
        "lot_id",
        "order_name",
        "quantity",
        "material_id",
        "customs_status",
        "qty_incorporated",
        "qty_merma",
    )

    def _prepare(self):  # pylint: disable=missing-return
        super()._prepare()
        self.env.cr.execute(CLASSES)
        self.classes = dict(self.env.cr.fetchall())
        self.seen, self.quantities = set(), {}
        self.named = []

    def _row(self, line):
        product = self._part(line)
        material = self._part(line, "material")
        status = STATUSES[line.estatus.lower()]
        if line.lote and product:
            self.named.append((product, line))
        if self.classes.get(material) == "product":
            self._wrong(
                line,
                "material",
                "not_last_level",
                self.env._(
                    "%(code)s is a product: name the materials in it instead.",
                    code=line.material,
                ),
            )
        self._check_place(line, (product, line.lote, line.orden), (material, status))
        return (
            self.opening.id,
            self.opening.company_id.id,
            line.line,
            product,
            line.lote,
            line.orden,
            line.cantidad,
            material,
            status,
            line.incorporado,
            line.merma or 0,
        )

    def _completed(self, rows):
        """The ids of the lots in place of their names."""
        places = {(product, line.lote) for product, line in self.named}
        products, names = zip(*places, strict=True) if places else ((), ())
        self.env.cr.execute(
            LOTS, (list(products), list(names), self.opening.company_id.id)
        )
        lots = {(part, name): lot for part, name, lot in self.env.cr.fetchall()}
        for product, line in self.named:
            if (product, line.lote) not in lots:
                self._wrong(
                    line,
                    "lote",
                    "unknown_lot",
                    self.env._(
                        "%(product)s has no lot %(lot)s in Odoo: enter its stock.",
                        product=line.numero_parte,
                        lot=line.lote,
                    ),
                )
        place = self.columns.index("lot_id")
        return [
            (*row[:place], lots.get(row[place - 1 : place + 1]), *row[place + 1 :])
            for row in rows
        ]

    def _check_place(self, line, made, drawn):
        """A material once in a product, and one quantity of the product."""
        if made + drawn in self.seen:
            self._wrong(
                line,
                "material",
                "repeated",
                self.env._("A material occurs once in a product on hand."),
            )
        self.seen.add(made + drawn)
        if self.quantities.setdefault(made, line.cantidad) != line.cantidad:
            self._wrong(
                line,
                "cantidad",
                "differs",
                self.env._("Another line of this product has another quantity."),
            )

    def _check_agreement(self):
        """What cannot be in the products is told, not refused: exits will be short."""
        self.env.cr.execute(BEYOND, {"opening_id": self.opening.id})
        found = self.env.cr.fetchall()
        if not found:
            return
        listed = "; ".join(
            self.env._(
                "%(part)s: %(needed)s in products, %(balance)s remain",
                part=part,
                needed=needed,
                balance=balance,
            )
            for part, needed, balance in found
        )
        self.opening.message_post(
            body=self.env._(
                "The products on hand hold more temporary material than remains of its "
                "imports: their exits will be short. %(listed)s",
                listed=listed,
            )
        )
