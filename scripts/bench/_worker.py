# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An Odoo process that does what it is told, line by line, and answers with numbers.

    python _worker.py CONFIG DATABASE [ADDONS]

Commands: ``ready``, ``picking``, ``order`` (CPU seconds of the validation, of this
process and its database backend), ``run`` (seconds, and megabytes that the process
grew), ``rows`` (the ordinary add-on), ``fifo`` (Odoo's valuation of the same moves),
``datastage`` (seconds and megabytes of loading IMMEX_BENCH_FILE), ``unpack`` (seconds
of unzipping it, splitting its lines and copying them into plain tables), ``broker``
(the same of IMMEX_BENCH_BROKER, a broker's file), ``record`` (seconds and megabytes
of recording what ``datastage`` loaded), ``reconcile`` (seconds of comparing books and
Data Stage, and of doing so again), ``home`` (seconds of the home page), ``report``
(seconds and megabytes of the discharge report as XLSX, then the seconds of xlsxwriter
for the same cells), ``report_xml``, ``lists`` (the questions of our lists, the slowest
first), ``trace`` (those of traceability).
"""

import itertools
import os
import sys
import tempfile
import time
import zipfile
from datetime import date
from decimal import Decimal

import _trace
import xlsxwriter
from _lists import measure

import odoo.init  # noqa: F401
from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

LINES, COMPONENTS, ORDERS = 200, 30, 5
# of the pickings whose valuation by Odoo is timed: all of them take half an hour
SAMPLE = 10


def backend_cpu(cr):
    """CPU seconds of the database backend, where it runs on this machine."""
    cr.execute("SELECT pg_backend_pid()")
    pid = cr.fetchone()[0]
    try:
        # nanoseconds; ticks of ten milliseconds are too coarse for one order
        with open(f"/proc/{pid}/schedstat", encoding="ascii") as stat:
            return int(stat.read().split()[0]) / 1e9
    except OSError:
        return 0


class Lines:
    """Rows of a member, split and joined, in pieces."""

    def __init__(self, member):
        self.member, self.buffer = member, b""

    def read(self, size):
        while len(self.buffer) < size:
            lines = self.member.readlines(1 << 18)
            if not lines:
                break
            self.buffer += "".join(
                "\t".join(line.decode("cp1252").rstrip("\r\n|").split("|")) + "\n"
                for line in lines
            ).encode()
        piece, self.buffer = self.buffer[:size], self.buffer[size:]
        return piece


class Worker:
    def __init__(self, config_file, database, addons=""):
        options = ["-c", config_file, "-d", database, "--no-http"]
        options += ["--log-level", "error"]
        config.parse_config(options)
        if addons:
            config["addons_path"] = [*config["addons_path"], addons]
        update = ["immex_bench_orm"] if addons else []
        registry = Registry.new(
            database, update_module=bool(update), install_modules=update
        )
        self.cr = registry.cursor()
        env = api.Environment(self.cr, 1, {"tracking_disable": True})
        self.env = env(user=env.ref("base.user_admin"), su=True)
        self.company = self.env["res.company"].search([], order="id", limit=1)
        self.warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.parts = None

    def cpu(self, work):
        self.env.flush_all()
        before = time.process_time() + backend_cpu(self.cr)
        work()
        self.env.flush_all()
        return time.process_time() + backend_cpu(self.cr) - before

    # validation ----------------------------------------------------------------
    def _parts(self):
        if self.parts is None:
            extra = {}
            if "immex.program" in self.env:
                extra["immex_class"] = "material"
                if not self.company.immex_program_ids:
                    self.env["immex.program"].create(
                        {
                            "company_id": self.company.id,
                            "name": "BENCH",
                            "valid_from": "2019-01-01",
                        }
                    )
            self.parts = self.env["product.product"].create(
                [
                    {"name": f"V{n}", "type": "consu", "is_storable": True, **extra}
                    for n in range(LINES)
                ]
            )
        return self.parts

    def _receipt(self):
        suppliers = self.env.ref("stock.stock_location_suppliers")
        stock = self.warehouse.lot_stock_id
        places = {"location_id": suppliers.id, "location_dest_id": stock.id}
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                **places,
                "move_ids": [
                    (0, 0, {"product_id": part.id, "product_uom_qty": 50, **places})
                    for part in self._parts()
                ],
            }
        )
        picking.action_confirm()
        for move in picking.move_ids:
            move.quantity = 50
            move.picked = True
        return picking

    def picking(self):
        picking = self._receipt()
        return self.cpu(picking.button_validate)

    def order(self):
        """Of five orders, closed one by one: one alone is too short to be compared."""
        parts = self._parts()
        if parts[0].qty_available < ORDERS:
            self._receipt().button_validate()
        orders = [self._order(parts) for _turn in range(ORDERS)]
        return sum(self.cpu(order.button_mark_done) for order in orders)

    def _order(self, parts):
        order = self.env["mrp.production"].create(
            {
                "product_id": parts[-1].id,
                "product_qty": 1,
                "bom_id": False,
                "move_raw_ids": [
                    (0, 0, {"product_id": part.id, "product_uom_qty": 1})
                    for part in parts[:COMPONENTS]
                ],
            }
        )
        order.action_confirm()
        order.qty_producing = 1
        order._set_qty_producing()
        order.move_raw_ids.picked = True
        return order

    # history -------------------------------------------------------------------
    def run(self):
        return self._measured(
            lambda: self.env["immex.discharge.run"]._run_company(self.company, "bench")
        )

    def _measured(self, work):
        """Seconds, and megabytes that the process grew by."""
        with open("/proc/self/clear_refs", "w", encoding="ascii") as peak:
            peak.write("5")
        before = self._memory()
        start = time.perf_counter()
        work()
        return time.perf_counter() - start, self._memory() - before

    @staticmethod
    def _memory():
        with open("/proc/self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM"):
                    return int(line.split()[1]) / 1024
        return 0

    # Data Stage ----------------------------------------------------------------
    def datastage(self):
        return self._measured(lambda: self._load("datastage", "IMMEX_BENCH_FILE"))

    def broker(self):
        return self._measured(lambda: self._load("m3", "IMMEX_BENCH_BROKER"))

    def _load(self, kind, variable):
        # as table 501 of the files has it
        self.company.vat = "ADN150203AB1"
        files = self.env["immex.pedimento.file"].with_company(self.company)
        # at once, in this process: a job does the same in one of its own
        self.env["ir.config_parameter"].set_param(
            "immex_compliance.inline_file_mb", "10000"
        )
        with open(os.environ[variable], "rb") as stream:
            result = files._load_file(kind, self.company, stream, "a.zip")
        if result.file.state != "loaded":
            raise AssertionError(result.file.state)
        self.cr.commit()

    def record(self):
        loading = self.env["immex.first.loading"].create(
            {"company_id": self.company.id}
        )

        def work():
            loading._record_here()
            if loading.passed_count or loading.after_count != loading.government_count:
                raise AssertionError(loading.passed_ids[:1].reason)
            self.cr.commit()

        return self._measured(work)

    def unpack(self):
        start = time.perf_counter()
        with zipfile.ZipFile(os.environ["IMMEX_BENCH_FILE"]) as archive:
            for info in archive.infolist():
                with archive.open(info) as member:
                    header = member.readline().decode("cp1252").strip().split("|")
                    columns = ", ".join(f'"{name}" text' for name in header)
                    name = "plain_" + info.filename.partition("_")[2][:3]
                    self.cr.execute(f"CREATE TABLE {name} ({columns})")
                    self.cr.copy_expert(f"COPY {name} FROM STDIN", Lines(member))
        self.cr.commit()
        return time.perf_counter() - start

    def reconcile(self):
        """Seconds of a reconciliation, and of the same once more."""
        run = self.env["immex.reconciliation"].create(
            {
                "company_id": self.company.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
            }
        )
        spent = []
        for _time in range(2):
            start = time.perf_counter()
            run._run()
            self.cr.commit()
            spent.append(time.perf_counter() - start)
        if run.line_count != run.partida_count // 100 or run.pedimento_agree < 1:
            raise AssertionError(run.read())
        return tuple(spent)

    def home(self):
        """Seconds of the home page's figures and charts, as of the history's end."""
        home = self.env["immex.home"].with_context(immex_at_date="2025-12-01")
        home = home.with_company(self.company)
        spent = []
        for _turn in range(5):  # the best: others use the machine too
            self.env.invalidate_all()
            start = time.perf_counter()
            figures, charts = home.figures(), home.charts()
            spent.append(time.perf_counter() - start)
        cards = {c["key"]: c for part in figures["sections"] for c in part["cards"]}
        if not cards["within_90"]["count"] or any(chart["empty"] for chart in charts):
            raise AssertionError(figures)
        return min(spent)

    def _manager(self):
        """The environment of a customs manager."""
        admin = self.env.ref("base.user_admin")
        names = [
            "immex_compliance.group_manager",
            "immex_compliance.group_administrator",
        ]
        names += ["stock.group_stock_manager", "mrp.group_mrp_manager"]
        admin.group_ids |= self.env["res.groups"].union(*map(self.env.ref, names))
        self.cr.commit()
        return self.env(
            user=admin,
            su=False,
            context={"allowed_company_ids": self.company.ids, "lang": "en_US"},
        )

    def trace(self):
        """Pictures and lists of traceability: ((seconds, question), ...), exits."""
        return _trace.measure(
            self._manager(), lambda: time.process_time() + backend_cpu(self.cr)
        )

    def lists(self):
        """Questions of the lists, as a manager asks them: (seconds, list, question)."""
        found = measure(self._manager(), self.company)
        if not found:
            raise AssertionError("no list is large")
        return found

    # reports -------------------------------------------------------------------
    def _report(self):
        """The discharge report of the whole history, its rows in their table."""
        report = self.env["immex.report.run"].search([], limit=1)
        if not report:
            report = report.create(
                {
                    "company_id": self.company.id,
                    "code": "descargos",
                    "date_from": "2020-01-01",
                    "date_to": "2030-12-31",
                }
            )
            report._fill()
            self.cr.commit()
        return report

    def _to_file(self, kind):
        report = self._report()
        with tempfile.TemporaryFile() as stream:
            return self._measured(lambda: report._render(kind, stream))

    def report(self):
        seconds, megabytes = self._to_file("xlsx")
        return seconds, megabytes, self._bare_workbook(), self._report().row_count

    def report_xml(self):
        return self._to_file("xml")

    def _bare_workbook(self):
        """Seconds of xlsxwriter alone, in constant memory: reading the rows apart."""
        report = self._report()
        rows, spent = report._rows(), 0.0
        with tempfile.TemporaryFile() as stream:
            book = xlsxwriter.Workbook(stream, {"constant_memory": True})
            sheet = book.add_worksheet()
            day = book.add_format({"num_format": "dd/mm/yyyy"})
            number = book.add_format({"num_format": "#,##0.00"})
            line = 0
            while batch := list(itertools.islice(rows, 10_000)):
                start = time.perf_counter()
                for values in batch:
                    if line == 1_048_576:
                        sheet, line = book.add_worksheet(), 0
                    for column, value in enumerate(values):
                        if isinstance(value, str):
                            sheet.write_string(line, column, value)
                        elif isinstance(value, bool):
                            sheet.write_string(line, column, "Sí" if value else "No")
                        elif isinstance(value, int):
                            sheet.write_number(line, column, value)
                        elif isinstance(value, Decimal):
                            sheet.write_number(line, column, value, number)
                        elif isinstance(value, date):
                            sheet.write_datetime(line, column, value, day)
                    line += 1
                spent += time.perf_counter() - start
            start = time.perf_counter()
            book.close()
            return spent + time.perf_counter() - start

    def rows(self):
        start = time.perf_counter()
        self.env["bench.layer"].discharge_all()
        self.cr.commit()
        return time.perf_counter() - start

    def fifo(self):
        """Odoo's own valuation of receipts and deliveries, picking by picking, as it
        happens when they are validated; stock being there."""
        moves = self.env["stock.move"].search(
            [("picking_id.name", "=like", "BENCH/%")], order="date, id"
        )
        moves.product_id.standard_price = 2
        moves.product_id.categ_id.property_cost_method = "fifo"
        self.env["stock.quant"].create(
            [
                {
                    "product_id": product.id,
                    "location_id": self.warehouse.lot_stock_id.id,
                    "quantity": quantity,
                }
                for product, quantity in self.env["stock.move"]._read_group(
                    [("picking_id.name", "=like", "BENCH/3100/%")],
                    ["product_id"],
                    ["product_uom_qty:sum"],
                )
            ]
        )
        moves.move_line_ids.picked = True
        moves.picked = True
        self.env.add_to_compute(moves._fields["quantity"], moves)
        moves._compute_is_in()
        moves._compute_is_out()
        self.env.flush_all()
        pickings = moves.picking_id.sorted(lambda p: (p.immex_event_date, p.id)).ids
        # receipts have their value; what is timed is one in ten of all
        moves.filtered("is_in")._set_value()
        self.env.flush_all()
        sample = pickings[::SAMPLE]
        start = time.perf_counter()
        for picking_id in sample:
            # each was validated by itself
            self.env.invalidate_all()
            self.env["stock.picking"].browse(picking_id).move_ids._set_value()
            self.env.flush_all()
        spent = (time.perf_counter() - start) * len(pickings) / len(sample)
        outgoing = moves.filtered("is_out")
        if not outgoing or not any(outgoing.mapped("value")):
            raise AssertionError("Odoo valued nothing")
        self.cr.rollback()
        return spent


def main():
    worker = Worker(*sys.argv[1:])
    for line in sys.stdin:
        command = line.strip()
        answer = "ready" if command == "ready" else getattr(worker, command)()
        print("=", answer if isinstance(answer, str) else repr(answer), flush=True)


if __name__ == "__main__":
    main()
