# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The virtual environment: pinned requirements, Odoo's tree on its path."""

import hashlib
import shutil
import subprocess
import sys

from .paths import PYTHON, ROOT, VENV, SetupError
from .shell import run, stage

SUPPORTED = ((3, 11), (3, 12), (3, 13))
REQUIREMENTS = ROOT / "requirements.txt"


def ensure(tree):
    """Make or refresh ``.venv``; nothing is done when it is up to date."""
    if sys.version_info[:2] not in SUPPORTED:
        raise SetupError(
            f"Python {sys.version_info[0]}.{sys.version_info[1]} is not supported: "
            "call make with PYTHON=python3.11, 3.12 or 3.13."
        )
    wanted = hashlib.sha256(
        REQUIREMENTS.read_bytes() + sys.version.encode() + str(VENV).encode()
    ).hexdigest()
    stamp = VENV / ".requirements"
    if not (stamp.exists() and stamp.read_text() == wanted and PYTHON.exists()):
        with stage("Python packages (requirements.txt)"):
            shutil.rmtree(VENV, ignore_errors=True)
            run(
                [sys.executable, "-m", "venv", VENV],
                "Install Python's venv module (Debian: python3-venv).",
            )
            run(
                [PYTHON, "-m", "pip", "install", "--quiet", "--no-input"]
                + ["--disable-pip-version-check", "-r", REQUIREMENTS],
                "Check the network or the package index (pip config).",
                quiet=True,
            )
            stamp.write_text(wanted)
    site = subprocess.run(
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    with open(f"{site}/odoo-tree.pth", "w", encoding="utf-8") as stream:
        stream.write(f"{tree.import_path}\n")
