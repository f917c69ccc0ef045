#!/usr/bin/env python3
# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Compute the seals of closed periods again, from their files alone.

    python3 verify_seal.py sello_2026-09_v1.txt sello_2026-10_v1.txt

Needs nothing but Python. For each file, the seal of its rows is compared with the one
that the file names, which is the one printed on the reports of the period. Of several
files, given in their order, each must name the seal of the one before. Ends with 1
where something differs.
"""

import hashlib
import re
import sys

FORMAT = "IMMEX SEAL 1"
ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}


def say(text):
    sys.stdout.write(f"{text}\n")


def plain(text):
    return re.sub(r"\\[\\nr]", lambda found: ESCAPES[found.group()], text)


def sha256(parts):
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def read(path):
    """``(head, {position: (exit, rows)})`` of a file."""
    head, exits = {}, []
    # not universal line ends: a row may hold an escaped one, and nothing else
    with open(path, encoding="utf-8", newline="\n") as file:
        lines = (line.removesuffix("\n") for line in file)
        if next(lines, None) != FORMAT:
            raise ValueError(f"{path} is not the file of a seal")
        for line in lines:
            if not line:
                break
            name, _colon, value = line.partition(": ")
            head[name] = plain(value)
        for line in lines:
            if line.startswith("> "):
                exits.append((plain(line[2:]), []))
            elif line.startswith("  ") and exits:
                exits[-1][1].append(plain(line[2:]))
            else:
                raise ValueError(f"{path}: a line is neither an exit nor a row")
    return head, exits


def compute(head, exits):
    """The seal of what a file holds."""
    lines = [
        f"{key} {sha256(sorted(rows, key=str.encode))}"
        for key, rows in sorted(exits, key=lambda one: one[0].encode())
    ]
    before = head.get("before", "")
    return sha256([before, *lines] if lines else [before])


def main(paths):
    if not paths:
        say(__doc__)
        return 2
    sound, former = True, None
    for path in paths:
        head, exits = read(path)
        seal = compute(head, exits)
        rows = sum(len(texts) for _key, texts in exits)
        problems = []
        if seal != head.get("seal"):
            problems.append(f"the rows give {seal}, the file names {head.get('seal')}")
        if str(rows) != head.get("rows"):
            problems.append(f"{rows} rows, the file names {head.get('rows')}")
        if former is not None and head.get("before") != former:
            problems.append("it does not follow the file before")
        former = head.get("seal")
        sound = sound and not problems
        say(f"{head.get('period', path)}: {'; '.join(problems) or 'sound'}")
        say(f"  {head.get('seal')}, {rows} rows")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
