# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The broker's file of the export that the flow declares.

python tests/flow/make_exit.py FILE
"""

import io
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts" / "demo"
sys.path.insert(0, str(SCRIPTS))

import make_files  # noqa: E402
import october  # noqa: E402

NUMBER, QUANTITY = "6001399", 60


def make(target):
    """Write the file and return it."""
    october.PRODUCTS["FLU-10"] = ("Arnés de prueba", "0.40", "9.00", {})
    document = october.Document(
        key="RT",
        operation="2",
        office="240",
        patente="3456",
        number=NUMBER,
        paid=october.day(16),
        partner="principal",
        invoice="ARB-E-0199",
        rate="18.3870",
        identifiers=(("IM", october.COMPANY["program"], "", ""), ("ST", "22", "", "")),
        lines=(("FLU-10", QUANTITY),),
        split="code",
    )
    buffer = io.BytesIO()
    writer = make_files._codec()(buffer, target.name)
    make_files.write_document(writer, document, make_files.items_of(document))
    writer.close("PRV01")
    target.write_bytes(buffer.getvalue())
    return target


if __name__ == "__main__":
    make(Path(sys.argv[1]))
