# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""`make fuzz`: atheris, in a folder of its own, on one codec after the other."""

import os
import shutil

from .paths import CACHE, PYTHON, ROOT, SetupError
from .shell import run

REQUIREMENTS = ROOT / "requirements-fuzz.txt"
PACKAGES = CACHE / "fuzz-packages"
FUZZ = ROOT / "tests" / "fuzz"
FOUND = ROOT / "out" / "fuzz"


def _packages():
    stamp = PACKAGES / ".requirements"
    wanted = REQUIREMENTS.read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(PACKAGES, ignore_errors=True)
    install = [PYTHON, "-m", "pip", "install", "-q", "--target", PACKAGES]
    run([*install, "-r", REQUIREMENTS])
    stamp.write_text(wanted)


def run_all(codec, seconds):
    """Fuzz ``codec``, or each of them, for ``seconds``; a file that does harm is left
    in ``out/fuzz`` and raises SetupError."""
    if not seconds.isdigit():
        raise SetupError("FUZZ_SECONDS is a whole number.")
    corpora = {path.name for path in (FUZZ / "corpus").iterdir()}
    if codec and codec not in corpora:
        raise SetupError(f"CODEC is one of {', '.join(sorted(corpora))}.")
    _packages()
    for name in [codec] if codec else sorted(corpora):
        # what is found goes on from here the next time; the seeds are only read
        grown = FOUND / name
        grown.mkdir(parents=True, exist_ok=True)
        command = [PYTHON, FUZZ / "run_atheris.py", name, grown, FUZZ / "corpus" / name]
        options = [
            f"-max_total_time={seconds}",
            f"-artifact_prefix={FOUND}/{name}-",
            "-timeout=5",
            "-rss_limit_mb=1024",
            "-max_len=65536",
            "-verbosity=0",
        ]
        print(f"-> {name}, {seconds} s", flush=True)
        run(command + options, env={**os.environ, "PYTHONPATH": str(PACKAGES)})
