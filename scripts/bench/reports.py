# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reports of a large ledger, as files.

At full size the discharge report has over 1,000,000 rows of 22 columns. The workbook,
read from the database, checked and formatted, against xlsxwriter in constant memory
writing the same cells, which somebody else has read.
"""

from _common import SCALE, Database, Table, discharge, load_engine
from engine import DEMANDS, PRODUCTS, SUPPLIES, history
from host import Odoo


def main():
    table = Table("Reports")
    size = [int(number * SCALE) for number in (DEMANDS, SUPPLIES, PRODUCTS)]
    with Database("immex_bench_reports") as database:
        company = history(database, *size)
        discharge(load_engine(), database, company)
        database.vacuum()
        with Odoo(database) as odoo:
            seconds, megabytes, bare, rows = odoo("report")
            xml, more = odoo("report_xml")
    print(f"{rows} rows")
    table.add("discharge report to XLSX / xlsxwriter, same cells", seconds, bare, 1.4)
    table.add("megabytes that the workbook took / 300", megabytes, 300, 1)
    table.add("discharge report to XML / to XLSX by xlsxwriter", xml, bare, 1)
    table.add("megabytes that the XML took / 300", more, 300, 1)


if __name__ == "__main__":
    main()
