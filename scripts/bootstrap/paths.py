# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where everything that is made lives: ``.cache/`` and ``.venv/``, both ignored."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = ROOT / ".cache"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
ADDONS = ROOT / "addons"
OUT = ROOT / "out"
CONFIG = CACHE / "odoo.conf"
DATA_DIR = CACHE / "odoo-data"


class SetupError(Exception):
    """Something that the person at the keyboard can mend; the text says how."""


def postgres_dir():
    """Directory of the embedded server: short, since it holds a socket, and open to
    the unprivileged user that the server runs as when we are root."""
    local = CACHE / "pg"
    if len(str(local)) < 80 and (os.geteuid() != 0 or _open_to_others(local)):
        return local
    digest = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    return Path("/tmp") / f"immex-pg-{digest}"


def _open_to_others(path):
    while not path.exists():
        path = path.parent
    return all(
        parent.stat().st_mode & 0o001 for parent in (path, *path.parents)
    )
