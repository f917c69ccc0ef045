# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``IMMEX_FUZZ_MIB=5 measure.py``: what the long files of ``test_codecs`` cost, as a
table: seconds a MB, and how many times its size a file takes in memory, as Python
counts it and as the system does (libxml2 is in the second only). A process for each.
"""

import multiprocessing
import resource
import time
import tracemalloc

from codecs_under_test import MIB, read
from test_codecs import LONG, SIZE


def _resident():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure(name, parts):
    """Seconds a MB, and both ratios."""
    before, body, after = parts
    content = before + body * (SIZE // len(body)) + after
    read(name, content[:4096])  # what is loaded once
    size = len(content)
    begun, at = time.process_time(), _resident()
    read(name, content)
    spent, grown = time.process_time() - begun, _resident() - at
    tracemalloc.start()
    read(name, content)
    _now, peak = tracemalloc.get_traced_memory()
    return spent * MIB / size, peak / size, grown / size


def main():
    context = multiprocessing.get_context("spawn")
    print(f"| codec | repeated | s/MB | Python | resident |  ({SIZE // MIB} MiB)")
    for name, cases in LONG.items():
        for parts in cases:
            with context.Pool(1) as pool:
                found = pool.apply(measure, (name, parts))
            shown = parts[1][:24].decode("latin-1").encode("unicode_escape").decode()
            print(f"| {name} | `{shown}` | " + " | ".join(f"{n:.2f}" for n in found))


if __name__ == "__main__":
    main()
