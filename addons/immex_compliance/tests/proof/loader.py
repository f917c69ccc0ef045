# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Many histories into Odoo's tables at once.

The rows are those that Odoo writes, with the columns that tell something; a test
compares with what Odoo's own methods make of the same history. Names begin with the
number of the history, so that none meets another.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, field

from psycopg2.extras import execute_values

from .books import OPERATIONS

TABLES = (
    "product_template",
    "product_product",
    "stock_lot",
    "immex_pedimento",
    "immex_pedimento_partida",
    "immex_pedimento_goods",
    "stock_picking",
    "mrp_production",
    "mrp_unbuild",
    "stock_scrap",
    "stock_move",
    "stock_move_line",
    "immex_destruction",
    "immex_destruction_line",
)


def prefix(number):
    """Of the names of history ``number``: capital, so that documents (digits, D) come
    before it and Z after, as with names of Odoo's."""
    return f"H{number}/"


@dataclass
class Known:
    """Ids of what was loaded of a history."""

    parts: dict = field(default_factory=dict)
    lots: dict = field(default_factory=dict)
    documents: dict = field(default_factory=dict)
    transfers: dict = field(default_factory=dict)
    moves: dict = field(default_factory=dict)
    #: of lines and orders by name, for what changes later
    goods: dict = field(default_factory=dict)
    papers: dict = field(default_factory=dict)
    orders: dict = field(default_factory=dict)


class Loader:
    """Loads histories into a plant.

    :param seed: give the rows their ids in another order
    """

    def __init__(self, cr, plant, seed=None):
        self.cr = cr
        self.plant = plant
        self.random = random.Random(seed) if seed is not None else None
        self.known = defaultdict(Known)
        self.rows, self.versions = {}, []
        self.free = {}

    def load(self, histories, first=0):
        """Load histories with numbers from ``first`` on."""
        self.add(list(enumerate(histories, first)))

    def add(self, numbered):
        """Load (number, history) pairs; of a known history, what is new."""
        self.rows = {table: [] for table in TABLES}
        self.versions = []
        jobs = []
        for number, history in numbered:
            for part in history.parts:
                jobs.append((0, self._part, number, part))
            for document in history.documents:
                jobs.append((1, self._document, number, document))
            for transfer in history.transfers:
                back = transfer.way.startswith("back")
                jobs.append((3 if back else 2, self._transfer, number, transfer))
            for order in history.orders:
                jobs.append((2, self._order, number, order))
            for unbuild in history.unbuilds:
                jobs.append((2, self._unbuild, number, unbuild))
            for act in history.acts:
                jobs.append((2, self._act, number, act))
        if self.random:
            self.random.shuffle(jobs)
        for _stage, method, number, item in sorted(jobs, key=lambda job: job[0]):
            method(number, item)
        for number, history in numbered:
            self._versions(number, history)
        self._flush()

    def _id(self, table):
        if not self.free.get(table):
            self.cr.execute(
                "SELECT nextval(%s) FROM generate_series(1, 500)", (f"{table}_id_seq",)
            )
            self.free[table] = sorted(
                (row[0] for row in self.cr.fetchall()), reverse=True
            )
        return self.free[table].pop()

    def _add(self, table, **values):
        values["id"] = self._id(table)
        self.rows[table].append(values)
        return values["id"]

    def _flush(self):
        for table in TABLES:
            rows = self.rows[table]
            if not rows:
                continue
            columns = list(dict.fromkeys(name for row in rows for name in row))
            names = ", ".join(f'"{name}"' for name in columns)
            execute_values(
                self.cr,
                f"INSERT INTO {table} ({names}) VALUES %s",
                [[row.get(name) for name in columns] for row in rows],
                page_size=2000,
            )
        if self.versions:
            execute_values(
                self.cr,
                "UPDATE immex_pedimento p SET rectifies_id = v.rectifies::integer,"
                " root_id = v.root::integer, current_id = v.last::integer"
                " FROM (VALUES %s) v(id, rectifies, root, last) WHERE p.id = v.id",
                self.versions,
            )

    # parts ---------------------------------------------------------------------
    def _part(self, number, part):
        known = self.known[number]
        if part.code in known.parts:
            return
        template = self._add(
            "product_template",
            name=f'{{"en_US": "{part.code}"}}',
            default_code=prefix(number) + part.code,
            type="consu",
            service_tracking="no",
            tracking="lot" if part.lots else "none",
            uom_id=self.plant.uom,
            is_storable=True,
            active=True,
            immex_class=part.kind,
        )
        known.parts[part.code] = self._add(
            "product_product",
            product_tmpl_id=template,
            default_code=prefix(number) + part.code,
            combination_indices="",
            active=True,
        )
        for name, status in part.lots.items():
            known.lots[part.code, name] = self._add(
                "stock_lot",
                product_id=known.parts[part.code],
                company_id=self.plant.company,
                name=name,
                immex_customs_status=status,
            )

    # documents -----------------------------------------------------------------
    def _document(self, number, document):
        known, plant = self.known[number], self.plant
        rule, key = plant.rules[document.operation]
        operation = OPERATIONS[document.operation]
        day = document.paid or document.entered
        year = day.year if day else 2026
        office, patente = f"{10 + number // 10000:02d}", f"{number % 10000:04d}"
        digits = f"{year % 100:02d}{office}{patente}{document.number}"
        pedimento = self._add(
            "immex_pedimento",
            company_id=plant.company,
            year=year,
            office=office,
            office_section=office + "0",
            patente=patente,
            document=document.number,
            number15=digits,
            number=digits,
            operation_type=operation.type,
            origin="manual",
            state="cancelled" if document.cancelled else "ready",
            key_id=key,
            operation_rule_id=rule,
            case=operation.case,
            payment_date=document.paid,
            entry_date=document.entered,
            modulation_date=document.modulated,
            closing_date=document.closed,
            physical_date=document.left,
        )
        known.documents[document.number] = pedimento
        partidas = {}
        for goods in document.goods:
            partidas.setdefault(goods.partida, []).append(goods)
        for sequence, lines in sorted(partidas.items()):
            self._partida(number, document, pedimento, sequence, lines)

    def _partida(self, number, document, pedimento, sequence, lines):
        known, plant = self.known[number], self.plant
        partida = self._add(
            "immex_pedimento_partida",
            pedimento_id=pedimento,
            company_id=plant.company,
            sequence=sequence,
            umc_id=plant.unit,
            umt_id=plant.unit,
            fraccion="85369099",
            description="Goods",
            detail_state="done",
            qty_umc=sum(goods.umc for goods in lines),
            qty_umt=sum(goods.umt for goods in lines),
            value_usd=sum(goods.usd for goods in lines),
            customs_value=sum(goods.mxn for goods in lines),
        )
        for goods in lines:
            key = (document.number, goods.partida, goods.sequence)
            known.goods[key] = self._add(
                "immex_pedimento_goods",
                partida_id=partida,
                pedimento_id=pedimento,
                company_id=plant.company,
                sequence=goods.sequence,
                source="manual",
                product_id=known.parts[goods.part],
                lot_name=goods.lot,
                qty_umc=goods.umc,
                qty_umt=goods.umt,
                value_usd=goods.usd,
                customs_value=goods.mxn,
                quantity=goods.quantity,
                factor=1,
                is_waste=goods.waste,
            )

    def _versions(self, number, history):
        """First and last version of what a document rectifies."""
        known = self.known[number]
        known.papers.update({item.number: item for item in history.documents})
        later = {
            item.rectifies: item
            for item in known.papers.values()
            if item.rectifies and not item.cancelled
        }
        for item in known.papers.values():
            first, last = item, item
            while first.rectifies and not item.cancelled:
                first = known.papers[first.rectifies]
            while last.number in later and not item.cancelled:
                last = later[last.number]
            if first is last is item:
                continue
            before = item.rectifies if first is not item else None
            self.versions.append(
                (
                    known.documents[item.number],
                    known.documents.get(before),
                    known.documents[first.number] if first is not item else None,
                    known.documents[last.number] if last is not item else None,
                )
            )

    # stock ---------------------------------------------------------------------
    def _lines(self, number, move, lines, source, target, day, picking=None):
        known, plant = self.known[number], self.plant
        for line in lines:
            self._add(
                "stock_move_line",
                move_id=move[line.part] if isinstance(move, dict) else move,
                picking_id=picking,
                company_id=plant.company,
                product_id=known.parts[line.part],
                product_uom_id=plant.uom,
                lot_id=known.lots[line.part, line.lot] if line.lot else None,
                owner_id=plant.owner(getattr(line, "owner", None)),
                location_id=source(line),
                location_dest_id=target(line),
                quantity=line.quantity,
                quantity_product_uom=line.quantity,
                date=f"{day} 18:00:00",
                state="done",
                picked=True,
            )

    def _move(self, number, part, quantity, source, target, day, **values):
        return self._add(
            "stock_move",
            company_id=self.plant.company,
            product_id=self.known[number].parts[part],
            product_uom=self.plant.uom,
            product_uom_qty=quantity,
            product_qty=quantity,
            quantity=quantity,
            location_id=source,
            location_dest_id=target,
            procure_method="make_to_stock",
            date=f"{day} 18:00:00",
            state="done",
            picked=True,
            **values,
        )

    def _transfer(self, number, transfer):
        known, plant = self.known[number], self.plant
        inwards = transfer.way in ("in", "back_in")
        partner = plant.outside[
            "supplier" if transfer.way in ("in", "back_out") else "customer"
        ]

        def inside(line):
            return plant.places[line.place if not inwards else None]

        source, target = inside, lambda line: partner
        if inwards:
            source, target = target, source
        first = transfer.lines[0]
        picking = self._add(
            "stock_picking",
            name=prefix(number) + transfer.name,
            company_id=plant.company,
            picking_type_id=plant.types["incoming" if inwards else "outgoing"],
            location_id=source(first),
            location_dest_id=target(first),
            move_type="direct",
            state="done",
            date_done=f"{transfer.day} 18:00:00",
            immex_event_date=transfer.day,
            immex_customs_status=transfer.status,
            immex_pedimento_id=known.documents.get(transfer.document),
        )
        known.transfers[transfer.name] = picking
        moves = {}
        for line in transfer.lines:
            if line.part not in moves:
                quantity = sum(
                    x.quantity for x in transfer.lines if x.part == line.part
                )
                moves[line.part] = known.moves[transfer.name, line.part] = self._move(
                    number,
                    line.part,
                    quantity,
                    source(line),
                    target(line),
                    transfer.day,
                    picking_id=picking,
                    origin_returned_move_id=known.moves.get(
                        (transfer.returns, line.part)
                    ),
                )
        self._lines(
            number, moves, transfer.lines, source, target, transfer.day, picking
        )

    def _order(self, number, order):
        known, plant = self.known[number], self.plant
        stock, production = plant.places[None], plant.production
        main = order.outputs[0]
        product = known.parts[main.part]
        production_id = self._add(
            "mrp_production",
            name=prefix(number) + order.name,
            product_id=product,
            product_uom_id=plant.uom,
            product_qty=main.quantity,
            qty_producing=main.quantity,
            picking_type_id=plant.types["mrp_operation"],
            location_src_id=stock,
            location_dest_id=stock,
            company_id=plant.company,
            consumption="flexible",
            state="done",
            date_start=f"{order.day} 15:00:00",
            date_finished=f"{order.day} 18:00:00",
            immex_event_date=order.day,
        )
        known.orders[order.name] = production_id
        outputs = {}
        for output in order.outputs:
            outputs.setdefault(output.part, []).append(output)
        for part, lines in outputs.items():
            move = self._move(
                number,
                part,
                sum(line.quantity for line in lines),
                production,
                stock,
                order.day,
                production_id=production_id,
                reference=prefix(number) + order.name,
            )
            self._lines(
                number, move, lines, lambda _: production, lambda _: stock, order.day
            )
        for draw in order.draws:
            self._draw(number, order, production_id, draw)

    def _draw(self, number, order, production_id, draw):
        known, plant = self.known[number], self.plant
        total = sum(line.quantity for line in draw.lines)
        scrap = draw.scrap and self._add(
            "stock_scrap",
            company_id=plant.company,
            product_id=known.parts[draw.part],
            product_uom_id=plant.uom,
            location_id=plant.places[None],
            scrap_location_id=plant.production,
            name=f"{prefix(number)}{order.name}/SP",
            scrap_qty=total,
            production_id=production_id,
            state="done",
        )
        move = self._move(
            number,
            draw.part,
            total,
            plant.places[draw.lines[0].place],
            plant.production,
            order.day,
            raw_material_production_id=production_id,
            scrap_id=scrap or None,
            immex_merma_qty=draw.merma,
            immex_waste_qty=draw.waste,
            immex_waste_product_id=known.parts.get(draw.waste_part),
            reference=prefix(number) + order.name,
        )
        self._lines(
            number,
            move,
            draw.lines,
            lambda line: plant.places[line.place],
            lambda _: plant.production,
            order.day,
        )

    def _unbuild(self, number, unbuild):
        known, plant = self.known[number], self.plant
        stock = plant.places[None]
        name = prefix(number) + unbuild.name
        lot = known.lots[unbuild.part, unbuild.lot] if unbuild.lot else None
        unbuild_id = self._add(
            "mrp_unbuild",
            product_id=known.parts[unbuild.part],
            company_id=plant.company,
            product_uom_id=plant.uom,
            lot_id=lot,
            location_id=stock,
            location_dest_id=stock,
            name=name,
            state="done",
            product_qty=unbuild.quantity,
        )
        move = self._move(
            number,
            unbuild.part,
            unbuild.quantity,
            stock,
            plant.production,
            unbuild.day,
            unbuild_id=unbuild_id,
            consume_unbuild_id=unbuild_id,
            reference=name,
        )
        self._lines(
            number,
            move,
            [unbuild],
            lambda _: stock,
            lambda _: plant.production,
            unbuild.day,
        )

    def _act(self, number, act):
        known, plant = self.known[number], self.plant
        destruction = self._add(
            "immex_destruction",
            company_id=plant.company,
            notice_folio=prefix(number) + act.number,
            notice_date="2020-01-01",
            act_number=prefix(number) + act.number,
            act_date=act.day,
            state="done",
        )
        for sequence, line in enumerate(act.lines, 1):
            self._add(
                "immex_destruction_line",
                destruction_id=destruction,
                company_id=plant.company,
                sequence=sequence,
                product_id=known.parts[line.part],
                lot_id=known.lots[line.part, line.lot] if line.lot else None,
                quantity=line.quantity,
                is_waste=line.waste,
            )
