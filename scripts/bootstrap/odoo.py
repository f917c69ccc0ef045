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
# Debian leaves this library out, and Odoo names it in a bundle: every page of the web
# client would log an error, which Odoo's own tours count as a failure. It blurs the
# background of video calls; Odoo says so itself where it is not there.
LEFT_OUT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
UNPACKED = CACHE / f"odoo-{VERSION}"
BUMP = (
    "To take another version, change VERSION and SHA256 in scripts/bootstrap/odoo.py, "
    "run make test, and commit. Or set ODOO_HOME to a tree of Odoo 19."
)


class Tree:
    """Where Odoo's code lies: ``import_path`` for Python, ``addons`` for Odoo."""

    def __init__(self, import_path, addons, version):
        self.import_path = Path(import_path)
        self.addons = [str(path) for path in addons]
        self.version = version


def tree():
    """Return the tree, fetching Odoo where that is needed."""
    home = os.environ.get("ODOO_HOME")
    if home:
        return given(Path(home).expanduser().resolve())
    if not (UNPACKED / ".complete").exists():
        with stage(f"Odoo {VERSION} (122 MB, from Debian)"):
            _fetch()
    packages = UNPACKED / "usr/lib/python3/dist-packages"
    fill_gap(packages / LEFT_OUT)
    return Tree(packages, [packages / "odoo/addons"], VERSION)


def fill_gap(path):
    """Put an empty script where Debian's package lacks the one that Odoo names."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("// not in Debian's package\n", encoding="utf-8")


def given(home):
    """The tree that ODOO_HOME names: a checkout, a dist-packages, or ``odoo`` in it."""
    if (home / "release.py").exists() and home.name == "odoo":
        home = home.parent
    release_file = home / "odoo/release.py"
    if not release_file.exists():
        raise SetupError(
            f"ODOO_HOME={home} holds no Odoo: expected odoo/release.py below it (a "
            "git checkout of Odoo 19.0, or dist-packages of an installed one)."
        )
    release = release_file.read_text(encoding="utf-8")
    if "(19, 0" not in release:
        raise SetupError(f"ODOO_HOME={home} is not Odoo 19.0.")
    addons = [home / "addons", home / "odoo/addons"]
    version = f"{home} {release_file.stat().st_mtime_ns}"
    return Tree(home, [path for path in addons if path.is_dir()], version)


def _fetch():
    apt = PrivateApt("sid")
    apt.update()
    offered = apt.versions(PACKAGE)
    if VERSION not in offered:
        listed = ", ".join(offered) or "none"
        raise SetupError(
            f"Debian no longer offers {PACKAGE} {VERSION}; it offers: {listed}. {BUMP}"
        )
    (deb,) = apt.download(f"{PACKAGE}={VERSION}")
    check_pin(deb)
    linked = apt.download(*LINKED)
    partial = UNPACKED.with_name(UNPACKED.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    for package in (deb, *linked):
        unpack(package, partial)
    (partial / ".complete").touch()
    shutil.rmtree(UNPACKED, ignore_errors=True)
    partial.rename(UNPACKED)


def check_pin(deb, pinned=SHA256):
    """Refuse and remove a package that is not the pinned one."""
    if sha256(deb) != pinned:
        deb.unlink()
        raise SetupError(
            f"{deb.name} does not have the pinned hash and was removed: the archive "
            f"serves another file under the same version. Set DEBIAN_MIRROR. {BUMP}"
        )
