# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The file of a seal: every text that was hashed, so that it can be computed again
without the database (``tools/verify_seal.py``)."""

FORMAT = "IMMEX SEAL 1"


def escape(text):
    """``text`` on one line: a part number may hold anything."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


def write_seal(head, rows, stream):
    """Write the file of a seal to a binary stream; return the number of rows.

    :param dict head: what the file begins with, ``name: text``; among them ``before``
        (seal of the period before, or empty) and ``seal``
    :param rows: ``(key of the exit, source key, text)`` in the order of the hash
    """

    def put(line):
        stream.write(line.encode() + b"\n")

    put(FORMAT)
    for name, value in head.items():
        put(f"{name}: {escape(str(value))}")
    put("")
    current, count = None, 0
    for key, source, text in rows:
        if (key, source) != current:
            current = key, source
            put(f"> {escape(key)}")
        put(f"  {escape(text)}")
        count += 1
    return count
