# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Packages of Debian, fetched by apt itself into a private root: no rights, no dpkg.

apt checks the archive's signature; each package is checked here against the hash of
apt's signed index, and Odoo's against the one that is pinned besides.
"""

import getpass
import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .paths import CACHE, SetupError
from .shell import run

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
HINT = (
    "Check the network and the mirror: set DEBIAN_MIRROR to one that this machine "
    "reaches, or set ODOO_HOME to a tree of Odoo 19 that you have."
)
NO_APT = (
    "This machine has no apt-get, which fetches Odoo 19 from Debian. Set ODOO_HOME to "
    "a tree of Odoo 19 (a git checkout, or dist-packages of an installed package)."
)


@dataclass(frozen=True)
class Package:
    """A file of the archive, as apt's signed index describes it."""

    file: str
    size: int
    sha256: str


def mirror():
    """Address of the archive: DEBIAN_MIRROR, else what this machine's apt uses."""
    if not shutil.which("apt-get"):
        raise SetupError(NO_APT)
    if os.environ.get("DEBIAN_MIRROR"):
        return os.environ["DEBIAN_MIRROR"]
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
        self.files = self.root / "debs"
        address = mirror()
        if not KEYRING.exists():
            raise SetupError(
                f"{KEYRING} is missing, so that nothing can be checked. Install "
                "debian-archive-keyring, or set ODOO_HOME to a tree of Odoo 19."
            )
        for part in ("state/lists/partial", "cache/archives/partial", "sources"):
            (self.root / part).mkdir(parents=True, exist_ok=True)
        self.files.mkdir(exist_ok=True)
        status = Path("/var/lib/dpkg/status")
        if not (installed and status.exists()):
            status = self.root / "state" / "status"
            status.touch()
        (self.root / "sources" / "debian.sources").write_text(
            f"Types: deb\nURIs: {address}\nSuites: {suite}\nComponents: main\n"
            f"Signed-By: {KEYRING}\n"
        )
        self.options = []
        for name, value in (
            ("Dir::State", self.root / "state"),
            ("Dir::State::status", status),
            ("Dir::Cache", self.root / "cache"),
            ("Dir::Etc::sourcelist", "/dev/null"),
            ("Dir::Etc::sourceparts", self.root / "sources"),
            ("APT::Sandbox::User", getpass.getuser()),
            ("Acquire::Retries", "3"),
            ("Debug::NoLocking", "1"),
        ):
            self.options += ["-o", f"{name}={value}"]

    def update(self):
        """Fetch the index; without the archive's signature this is an error."""
        run(
            ["apt-get", *self.options, "-o", "APT::Update::Error-Mode=any", "update"],
            HINT,
            quiet=True,
        )

    def versions(self, package):
        """Versions of a package that the index offers."""
        listed = subprocess.run(
            ["apt-cache", *self.options, "madison", package],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.splitlines()
        return [line.split("|")[1].strip() for line in listed if line.count("|") > 1]

    def download(self, *packages):
        """Fetch packages (``name`` or ``name=version``) and return their files."""
        found = parse_uris(self._uris("download", *packages))
        return self._fetch(found, packages)

    def closure(self, package):
        """Fetch a package and what it needs beyond the machine's own."""
        lines = self._uris("install", "--no-install-recommends", package)
        names = [line.split()[1].split("_")[0] for line in lines]
        if not names:
            raise SetupError(f"{package} is on this machine, yet does not work.")
        return self.download(*names)

    def _uris(self, command, *arguments):
        done = run(
            ["apt-get", *self.options, "-q=2", "--yes", "--print-uris", command]
            + list(arguments),
            HINT,
            quiet=True,
        )
        return [line for line in done.stdout.splitlines() if line.startswith("'")]

    def _fetch(self, found, packages):
        """Fetch until each file has its hash: a part is resumed, a wrong one redone."""
        for _attempt in range(2):
            if all(matches(self.files / entry.file, entry) for entry in found):
                break
            for entry in found:
                discard_broken(self.files / entry.file, entry)
            run(
                ["apt-get", *self.options, "download", *packages],
                HINT,
                quiet=True,
                cwd=self.files,
            )
        for entry in found:
            if not matches(self.files / entry.file, entry):
                (self.files / entry.file).unlink(missing_ok=True)
                raise SetupError(
                    f"{entry.file} does not have the hash of the archive's index and "
                    f"was removed. Run again. {HINT}"
                )
        return [self.files / entry.file for entry in found]


def parse_uris(lines):
    """Read apt's ``'uri' file size SHA256:hash`` lines."""
    found = []
    for line in lines:
        _uri, file, size, checksum = line.split()[:4]
        kind, _, value = checksum.partition(":")
        if kind != "SHA256":
            raise SetupError(f"apt gives no SHA-256 of {file}: {checksum}")
        # what apt-get download writes: the colon of an epoch stays escaped
        found.append(Package(file, int(size), value))
    return found


def matches(path, package):
    """Whether a file is there whole."""
    return (
        path.exists()
        and path.stat().st_size == package.size
        and sha256(path) == package.sha256
    )


def discard_broken(path, package):
    """Remove a file that cannot be resumed: as long as it should be, yet another."""
    if path.exists() and path.stat().st_size >= package.size:
        if not matches(path, package):
            path.unlink()


def sha256(path):
    """SHA-256 of a file, in hexadecimal."""
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
    with deb.open("rb") as stream:
        name, data = read_data_member(stream)
    kind = "--zstd" if name.endswith(".zst") else "--auto-compress"
    if name.endswith(".xz"):
        kind = "--xz"
    run(["tar", "-x", kind, "-C", target, "-f", "-"], input=data)


def read_data_member(stream):
    """Return name and bytes of ``data.tar.*`` of a .deb, which is an ar archive."""
    if stream.read(8) != b"!<arch>\n":
        raise SetupError(f"{stream.name} is not a Debian package: make clean.")
    while header := stream.read(60):
        name = header[:16].decode().strip().rstrip("/")
        size = int(header[48:58])
        content = stream.read(size + size % 2)[:size]
        if name.startswith("data.tar"):
            return name, content
    raise SetupError(f"{stream.name} holds no data: make clean.")
