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
# Linux allows 107 bytes for the path of a socket; its name takes some.
LONGEST_SOCKET_DIRECTORY = 85


class SetupError(Exception):
    """Something that the person at the keyboard can mend; the text says how."""


def postgres_dir():
    """Directory of the embedded server's data and socket.

    Below ``.cache/``, unless that path is too long for a socket, or we are root and
    the unprivileged user that the server then runs as cannot reach it.
    """
    local = CACHE / "pg"
    if len(str(local)) <= LONGEST_SOCKET_DIRECTORY and (
        os.geteuid() != 0 or open_to_others(local.parent)
    ):
        return local
    digest = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"immex-pg-{digest}"


def open_to_others(path):
    """Whether any user may walk to ``path``, as far as it exists."""
    return all(
        parent.stat().st_mode & 0o001
        for parent in (path, *path.parents)
        if parent.exists()
    )
