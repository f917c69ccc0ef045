# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Documents and moves, exported through Odoo's public API: what the oracle starts from.

Nothing that the engine wrote is read here: no layers, movements, links, exits nor
requirements.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

UNIT = Decimal("0.000001")
ENTRY, EXIT, REGIME = "entry", "exit", "regime"
# What the keys of the demo do to the temporary inventory, by operation type
# (Anexo 22, Appendix 2).
EFFECTS = {
    ("IN", "1"): ENTRY,
    ("AF", "1"): ENTRY,
    ("V1", "1"): ENTRY,
    ("RT", "2"): EXIT,
    ("V1", "2"): EXIT,
    ("F4", "1"): REGIME,
}
MODELS = {
    "immex.pedimento": (
        "year number15 document operation_type key_id entry_date payment_date"
        " physical_date state"
    ),
    "immex.pedimento.key": "code",
    "immex.pedimento.partida": "pedimento_id sequence qty_umc qty_umt value_usd",
    "immex.pedimento.goods": (
        "partida_id pedimento_id sequence product_id qty_umc qty_umt value_usd factor"
    ),
    "immex.destruction": "act_number act_date state picking_id",
    "immex.destruction.line": "destruction_id sequence product_id quantity is_waste",
    "product.product": "default_code immex_class",
    "res.partner": "ref vat name",
    "stock.location": "usage company_id immex_customs_status",
    "stock.lot": "name immex_customs_status",
    "stock.picking": "name immex_pedimento_id immex_event_date immex_customs_status",
    "stock.move": (
        "raw_material_production_id production_id scrap_id immex_merma_qty"
        " immex_waste_qty immex_waste_product_id"
    ),
    "mrp.production": "name immex_event_date state",
}
LINE_FIELDS = (
    "product_id lot_id owner_id location_id location_dest_id date picking_id move_id"
    " quantity_product_uom"
)


def rounded(value, unit=UNIT):
    return value.quantize(unit, ROUND_HALF_UP)


def number(value, unit=UNIT):
    """An exact decimal of what a column of that many decimals says."""
    return rounded(Decimal(value or 0), unit)


def day(text):
    return date.fromisoformat(text) if text else None


@dataclass
class Goods:
    """A goods line of a pedimento: ``key`` orders it among all."""

    id: int
    pedimento: int
    partida: int
    product: int
    quantity: Decimal
    key: str
    order: tuple


@dataclass
class Line:
    """A done stock move line of a controlled part."""

    id: int
    product: int
    quantity: Decimal
    date: date
    raw: dict = field(repr=False)
    move: dict = field(repr=False)


class Facts:
    """Everything that was read, with the joins that the oracle needs."""

    def __init__(self, client):
        for model, names in MODELS.items():
            table = client.read_all(model, (), names.split())
            setattr(self, model.replace(".", "_"), table)
        rows = client.read_all(
            "stock.move.line", [("state", "=", "done")], LINE_FIELDS.split()
        )
        company = client.read_all(
            "res.company",
            [("user_ids.login", "=", "admin")],
            ["partner_id", "immex_status_policy"],
        )
        if len(company) != 1:
            raise AssertionError("the oracle knows one company")
        company = next(iter(company.values()))
        self.policy = company["immex_status_policy"]
        partner = client.read_all(
            "res.partner", [("id", "=", company["partner_id"])], ["tz"]
        )
        self.zone = ZoneInfo(partner[company["partner_id"]]["tz"])
        self.lines = [self._line(row) for _id, row in sorted(rows.items())]
        self.lines = [
            line
            for line in self.lines
            if line.quantity > 0 and self.product_class(line.product)
        ]
        self.goods = sorted(self._goods(), key=lambda goods: goods.order)

    def product_class(self, product):
        return self.product_product[product]["immex_class"]

    def code(self, product):
        return self.product_product[product]["default_code"] or str(product)

    def effect(self, pedimento):
        row = self.immex_pedimento[pedimento]
        key = self.immex_pedimento_key[row["key_id"]]["code"]
        return EFFECTS[key, row["operation_type"]]

    def _line(self, row):
        stamp = datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)
        return Line(
            row["id"],
            row["product_id"],
            number(row["quantity_product_uom"]),
            stamp.astimezone(self.zone).date(),
            row,
            self.stock_move[row["move_id"]],
        )

    def _goods(self):
        """Goods of the partidas that their parts explain: all mapped, sums equal."""
        parts = {}
        for row in self.immex_pedimento_goods.values():
            parts.setdefault(row["partida_id"], []).append(row)
        for partida_id, rows in parts.items():
            partida = self.immex_pedimento_partida[partida_id]
            pedimento = self.immex_pedimento[partida["pedimento_id"]]
            if pedimento["state"] == "cancelled" or not self._explained(partida, rows):
                continue
            for row in rows:
                order = (
                    pedimento["number15"],
                    partida["sequence"],
                    row["sequence"],
                )
                factor = number(row["factor"], Decimal("1e-10"))
                yield Goods(
                    row["id"],
                    pedimento["id"],
                    partida_id,
                    row["product_id"],
                    rounded(number(row["qty_umc"], Decimal("0.001")) / factor),
                    f"{order[0]}|{order[1]:05d}|{order[2]:05d}",
                    (pedimento["id"], *order),
                )

    @staticmethod
    def _explained(partida, rows):
        units = {
            "qty_umc": Decimal("0.001"),
            "qty_umt": Decimal("0.00001"),
            "value_usd": Decimal("0.01"),
        }
        sums = all(
            sum(number(row[name], unit) for row in rows) == number(partida[name], unit)
            for name, unit in units.items()
        )
        return sums and all(row["product_id"] and row["factor"] for row in rows)
