# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""`make lint`: ruff, pylint-odoo and OCA's hooks that are on PyPI."""

import os
import subprocess

from .paths import ADDONS, ROOT, VENV, SetupError
from .shell import run

BINARIES = VENV / "bin"


def files_by_suffix():
    """Files of the checkout, tracked or not, that git does not ignore."""
    listed = run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        "make lint wants a git checkout.",
        quiet=True,
        cwd=ROOT,
    ).stdout.splitlines()
    files = [name for name in listed if (ROOT / name).is_file()]
    return files, lambda *suffixes: [n for n in files if n.endswith(suffixes)]


def checks():
    """The commands, each with what it is given."""
    files, having = files_by_suffix()
    modules = sorted(path.parent for path in ADDONS.glob("*/__manifest__.py"))
    commands = [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("oca-checks-odoo-module", *modules),
        ("oca-checks-po", *having(".po")),
        ("check-ast", *having(".py")),
        ("debug-statement-hook", *having(".py")),
        ("check-xml", *having(".xml", ".xsd")),
        ("check-yaml", *having(".yaml", ".yml")),
        ("check-toml", *having(".toml")),
        ("check-json", *having(".json")),
        ("check-merge-conflict", "--assume-in-merge", *_texts(files)),
        ("pylint", "--rcfile=.pylintrc", *modules),
    ]
    return [command for command in commands if len(command) > 1]


def _texts(files):
    """Files without those whose lines may look like a conflict (rst underlines)."""
    return [name for name in files if not name.endswith((".rst", ".md", ".gz"))]


def run_all():
    """Run every check, and say at the end which failed."""
    failed = []
    for name, *arguments in checks():
        print(f"-> {name}", flush=True)
        done = subprocess.run(
            [str(BINARIES / name), *map(str, arguments)],
            cwd=ROOT,
            check=False,
            env={**os.environ, "PYLINTHOME": str(VENV / ".pylint")},
        )
        if done.returncode:
            failed.append(name)
    if failed:
        raise SetupError(f"Failed: {', '.join(failed)}.")
    print("Clean.", flush=True)
