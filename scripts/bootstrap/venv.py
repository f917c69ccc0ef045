# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The virtual environment: pinned requirements, Odoo's tree on its path."""

import hashlib
import shutil
import sys

from .paths import PYTHON, ROOT, VENV, SetupError
from .shell import run, stage

SUPPORTED = ((3, 11), (3, 12), (3, 13))
REQUIREMENTS = ROOT / "requirements.txt"


def check_python(version=sys.version_info[:2]):
    """Refuse a Python that Odoo's or our libraries do not run on."""
    if version not in SUPPORTED:
        raise SetupError(
            f"Python {version[0]}.{version[1]} is not supported: "
            "call make with PYTHON=python3.11, python3.12 or python3.13."
        )


def site_packages():
    """Where the packages of the virtual environment lie."""
    major, minor = sys.version_info[:2]
    return VENV / "lib" / f"python{major}.{minor}" / "site-packages"


def _usable():
    """Whether there is an environment of this interpreter to bring up to date."""
    kept = VENV / ".python"
    return PYTHON.exists() and kept.exists() and kept.read_text() == _interpreter()


def _interpreter():
    return f"{sys.version} {VENV}"


def ensure(tree):
    """Make or refresh ``.venv``; nothing is done when it is up to date."""
    check_python()
    wanted = hashlib.sha256(
        REQUIREMENTS.read_bytes() + _interpreter().encode()
    ).hexdigest()
    stamp = VENV / ".requirements"
    if not (stamp.exists() and stamp.read_text() == wanted and PYTHON.exists()):
        with stage("Python packages (requirements.txt)"):
            if not _usable():
                shutil.rmtree(VENV, ignore_errors=True)
                run(
                    [sys.executable, "-m", "venv", VENV],
                    "Install Python's venv module (Debian: python3-venv).",
                )
            run(
                [PYTHON, "-m", "pip", "install", "--quiet", "--no-input"]
                + ["--disable-pip-version-check", "--retries", "5"]
                + ["-r", REQUIREMENTS],
                "Check the network or the package index (pip config), and run again.",
                quiet=True,
            )
            (VENV / ".python").write_text(_interpreter())
            stamp.write_text(wanted)
    path_file = site_packages() / "odoo-tree.pth"
    line = f"{tree.import_path}\n"
    if not (path_file.exists() and path_file.read_text(encoding="utf-8") == line):
        path_file.write_text(line, encoding="utf-8")
