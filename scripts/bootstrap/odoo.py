# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo 19: Debian's package, version and hash pinned, or the tree of ODOO_HOME."""

import os
import shutil
from pathlib import Path

from .debian import PrivateApt, sha256, unpack
from .paths import CACHE, SetupError
from .shell import stage

PACKAGE = "odoo-19"
VERSION = "19.0.0+dfsg-1"
SHA256 = "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
# Odoo's jQuery, underscore and fonts are links into these packages.
LINKED = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-montserrat",
)
UNPACKED = CACHE / f"odoo-{VERSION}"


class Tree:
    """Where Odoo's code lies: ``import_path`` for Python, ``addons`` for Odoo."""

    def __init__(self, import_path, addons):
        self.import_path = Path(import_path)
        self.addons = [str(path) for path in addons]


def tree():
    """Return the tree, fetching Odoo where that is needed."""
    home = os.environ.get("ODOO_HOME")
    if home:
        return _given(Path(home).expanduser().resolve())
    if not (UNPACKED / ".complete").exists():
        with stage(f"Odoo {VERSION} (122 MB, from Debian)"):
            _fetch()
    packages = UNPACKED / "usr/lib/python3/dist-packages"
    return Tree(packages, [packages / "odoo/addons"])


def _given(home):
    if (home / "odoo/release.py").exists():
        addons = [home / "addons", home / "odoo/addons"]
    elif (home / "release.py").exists() and home.name == "odoo":
        home, addons = home.parent, [home / "addons"]
    else:
        raise SetupError(
            f"ODOO_HOME={home} holds no Odoo: expected odoo/release.py below it (a "
            "git checkout of Odoo 19.0, or dist-packages of an installed one)."
        )
    release = (home / "odoo/release.py").read_text(encoding="utf-8")
    if "(19, 0" not in release:
        raise SetupError(f"ODOO_HOME={home} is not Odoo 19.0.")
    return Tree(home, [path for path in addons if path.is_dir()])


def _fetch():
    apt = PrivateApt("sid")
    name = f"{PACKAGE}_{VERSION}_all.deb"
    deb = apt.root / "debs" / name
    if not (deb.exists() and sha256(deb) == SHA256):
        deb.unlink(missing_ok=True)
        apt.update()
        try:
            apt.download(f"{PACKAGE}={VERSION}")
        except SetupError as error:
            raise SetupError(
                f"{error}\nIf Debian no longer has {PACKAGE} {VERSION}, take the newer "
                "version: change VERSION and SHA256 in scripts/bootstrap/odoo.py, run "
                "make test, and commit."
            ) from error
        if sha256(deb) != SHA256:
            deb.unlink()
            raise SetupError(
                f"{name} does not have the pinned hash and was removed. Run again; if "
                "it stays so, the mirror serves another file: set DEBIAN_MIRROR."
            )
    debs = apt.download(*LINKED)
    partial = UNPACKED.with_name(UNPACKED.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    for package in {deb, *debs}:
        if package.name.startswith((PACKAGE + "_", *(f"{n}_" for n in LINKED))):
            unpack(package, partial)
    (partial / ".complete").touch()
    shutil.rmtree(UNPACKED, ignore_errors=True)
    partial.rename(UNPACKED)
