# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Writes a Data Stage zip: headers without a closing ``|``, rows with one, CRLF."""

import io
import zipfile

from .layout import TABLES


class DataStageWriter:
    """A context that writes tables, one after the other.

    :param stream: binary stream, written to
    :param folio: number of the query, which begins the names of the files
    """

    def __init__(self, stream, folio, encoding="cp1252"):
        self.folio, self.encoding = folio, encoding
        self._archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self._archive.close()

    def table(self, name, rows, columns=None):
        """Write a table.

        :param rows: iterable of texts in the order of ``columns``, None for blank
        :raise ValueError: a text holds a separator or a line end
        """
        columns = columns or TABLES[name]
        with self._archive.open(f"{self.folio}_{name}.asc", "w") as raw:
            with io.TextIOWrapper(raw, self.encoding, newline="") as text:
                text.write("|".join(columns) + "\r\n")
                for row in rows:
                    cells = ["" if cell is None else str(cell) for cell in row]
                    if len(cells) != len(columns):
                        raise ValueError(f"{len(cells)} cells, {len(columns)} columns")
                    line = "|".join(cells)
                    if line.count("|") >= len(columns) or "\n" in line or "\r" in line:
                        raise ValueError(f"a separator within a text: {line[:80]!r}")
                    text.write(line + "|\r\n")
