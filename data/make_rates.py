#!/usr/bin/env python3
# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make an update file of duty rates from a transcription of the tariff.

    python data/make_rates.py TABLE [--target FILE] [--from DATE]

``TABLE`` is a CSV with the columns fraccion_nico, igi_import_pct_or_text and
ige_export_pct_or_text. The output is what *Update a Catalogue* takes. Nobody compared
the shipped file with the official publication: its rows are marked unverified, and it
serves the demo and the tests of the loader only.
"""

import argparse
import csv
import gzip
import io
from decimal import Decimal, InvalidOperation
from pathlib import Path

TARGET = Path(__file__).resolve().parent / "tariff_rates_unverified.csv.gz"
SOURCE = "Unverified transcription of the LIGIE"
COLUMNS = ["code", "flow", "rate", "specific", "valid_from", "source", "verified"]
FLOWS = (("import", "igi_import_pct_or_text"), ("export", "ige_export_pct_or_text"))


def rates(table, start):
    """Yield the rows of the update file, by tariff item and direction."""
    with table.open(encoding="utf-8-sig", newline="") as stream:
        rows = sorted(csv.DictReader(stream), key=lambda row: row["fraccion_nico"])
    for row in rows:
        for flow, column in FLOWS:
            value = " ".join(row[column].split())
            if not value:
                continue
            try:
                rate, specific = f"{Decimal(value).normalize():f}", ""
            except InvalidOperation:
                rate, specific = "", value
            yield [row["fraccion_nico"], flow, rate, specific, start, SOURCE, "0"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("table", type=Path)
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument(
        "--from",
        dest="start",
        default="2026-01-01",
        metavar="DATE",
        help="first day of the rates, which the table does not state",
    )
    arguments = parser.parse_args()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    rows = list(rates(arguments.table, arguments.start))
    writer.writerows(rows)
    # no name and no time in the header: the same input gives the same bytes
    with (
        arguments.target.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as stream,
    ):
        stream.write(text.getvalue().encode())
    print(f"{arguments.target.name}: {len(rows)} rates")


if __name__ == "__main__":
    main()
