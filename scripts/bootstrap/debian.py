# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Packages of Debian, fetched by apt itself into a private root: no rights, no dpkg.

apt checks the archive's signature and each package's hash; ours is pinned besides.
"""

import getpass
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from .paths import CACHE, SetupError
from .shell import run

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
HINT = (
    "Check the network and the mirror: set DEBIAN_MIRROR to one that this machine "
    "reaches, or set ODOO_HOME to a tree of Odoo 19 that you have."
)


def mirror():
    """Address of the archive: DEBIAN_MIRROR, else what this machine's apt uses."""
    if os.environ.get("DEBIAN_MIRROR"):
        return os.environ["DEBIAN_MIRROR"]
    if not shutil.which("apt-get"):
        raise SetupError(
            "This machine has no apt-get, which fetches Odoo 19 from Debian. Set "
            "ODOO_HOME to a tree of Odoo 19 (a git checkout or an unpacked package)."
        )
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    for uri in listed:
        if "debian" in uri and "security" not in uri:
            return uri
    raise SetupError(
        "apt on this machine names no Debian archive. Set DEBIAN_MIRROR to one, or "
        "ODOO_HOME to a tree of Odoo 19."
    )


class PrivateApt:
    """An apt of its own under ``.cache/apt-<suite>``.

    :param installed: let apt believe that the machine's packages are there, so that
        only what is missing of a package's dependencies is fetched
    """

    def __init__(self, suite, installed=False):
        self.root = CACHE / f"apt-{suite}"
        for part in ("state/lists/partial", "cache/archives/partial", "sources", "debs"):
            (self.root / part).mkdir(parents=True, exist_ok=True)
        status = Path("/var/lib/dpkg/status")
        if not (installed and status.exists()):
            status = self.root / "state" / "status"
            status.touch()
        (self.root / "sources" / "debian.sources").write_text(
            f"Types: deb\nURIs: {mirror()}\nSuites: {suite}\nComponents: main\n"
            f"Signed-By: {KEYRING}\n"
        )
        if not KEYRING.exists():
            raise SetupError(
                f"{KEYRING} is missing, so that nothing can be checked. Install "
                "debian-archive-keyring, or set ODOO_HOME to a tree of Odoo 19."
            )
        self.options = []
        for name, value in (
            ("Dir::State", self.root / "state"),
            ("Dir::State::status", status),
            ("Dir::Cache", self.root / "cache"),
            ("Dir::Etc::sourcelist", "/dev/null"),
            ("Dir::Etc::sourceparts", self.root / "sources"),
            ("APT::Sandbox::User", getpass.getuser()),
            ("Debug::NoLocking", "1"),
        ):
            self.options += ["-o", f"{name}={value}"]

    def update(self):
        run(["apt-get", *self.options, "update"], HINT, quiet=True)

    def download(self, *packages):
        """Fetch packages into ``debs`` and return their files."""
        before = set(self.debs())
        run(
            ["apt-get", *self.options, "download", *packages],
            HINT,
            quiet=True,
            cwd=self.root / "debs",
        )
        return sorted(set(self.debs()) - before) or self.debs()

    def closure(self, package):
        """Fetch a package and what it needs beyond the machine's own."""
        run(
            ["apt-get", *self.options, "install", "--download-only", "--yes"]
            + ["--no-install-recommends", package],
            HINT,
            quiet=True,
        )
        return sorted((self.root / "cache" / "archives").glob("*.deb"))

    def debs(self):
        return sorted((self.root / "debs").glob("*.deb"))


def sha256(path):
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def unpack(deb, target):
    """Unpack a .deb into ``target`` without dpkg's database."""
    target.mkdir(parents=True, exist_ok=True)
    if shutil.which("dpkg-deb"):
        run(["dpkg-deb", "-x", deb, target], "The package is damaged: make clean.")
        return
    listing = subprocess.run(
        ["ar", "t", deb], capture_output=True, text=True, check=True
    ).stdout.split()
    member = next(name for name in listing if name.startswith("data.tar"))
    data = subprocess.run(["ar", "p", deb, member], capture_output=True, check=True)
    run(["tar", "-x", "-C", target, "-f", "-", "--auto-compress"], input=data.stdout)
