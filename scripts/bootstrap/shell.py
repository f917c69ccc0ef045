# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Running programs, telling how far we are, and keeping two runs apart."""

import fcntl
import subprocess
import sys
import time
from contextlib import contextmanager

from .paths import CACHE, SetupError


@contextmanager
def stage(text):
    """Print what is being done, and how long it took."""
    print(f"-> {text}", flush=True)
    start = time.monotonic()
    yield
    print(f"   done in {time.monotonic() - start:.1f} s", flush=True)


@contextmanager
def locked(name="setup"):
    """Hold a lock of this checkout, so that two runs never make the same thing."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("-> waiting for another run in this checkout", flush=True)
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def run(command, hint="", quiet=False, **options):
    """Run a command; a failure shows the end of its output and ``hint``."""
    command = [str(part) for part in command]
    if quiet:
        options.update(
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    try:
        done = subprocess.run(command, check=False, **options)
    except FileNotFoundError as error:
        raise SetupError(f"{command[0]} is not on this machine. {hint}") from error
    if done.returncode:
        if quiet:
            sys.stdout.write("".join(done.stdout.splitlines(True)[-40:]))
        raise SetupError(
            f"{' '.join(command[:6])} ended with {done.returncode}. {hint}".strip()
        )
    return done
