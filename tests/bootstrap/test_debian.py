# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Packages: a broken download is refetched, a wrong hash refused. A script that answers
like apt-get stands in for it, so that no network is needed."""

import hashlib
import io
import os
import shutil
import tarfile

import pytest

from bootstrap import debian, odoo
from bootstrap.paths import SetupError

CONTENT = b"the package, all of it" * 100
FILE = "odoo-19_19.0.0_all.deb"

APT_GET = """#!/bin/sh
echo "$@" >> "{state}/calls"
case "$*" in
*indextargets*) echo "http://archive.example/debian/"; exit 0;;
*--print-uris*) echo "'http://archive.example/{file}' {file} {size} SHA256:{sha}";;
*" download "*) cp "{state}/served" {file};;
esac
"""


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """A false apt-get on the path; ``serve`` sets what a download gives."""
    binaries = tmp_path / "bin"
    binaries.mkdir()
    script = binaries / "apt-get"
    values = {
        "state": tmp_path,
        "file": FILE,
        "size": len(CONTENT),
        "sha": hashlib.sha256(CONTENT).hexdigest(),
    }
    script.write_text(APT_GET.format(**values))
    script.chmod(0o755)
    keyring = tmp_path / "keyring.gpg"
    keyring.touch()
    monkeypatch.setenv("PATH", f"{binaries}:{os.environ['PATH']}")
    monkeypatch.delenv("DEBIAN_MIRROR", raising=False)
    monkeypatch.setattr(debian, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(debian, "KEYRING", keyring)
    (tmp_path / "served").write_bytes(CONTENT)
    return tmp_path


def downloads(archive):
    calls = (archive / "calls").read_text().splitlines()
    return [line for line in calls if " download " in line and "--print" not in line]


def test_download_checks_and_keeps(archive):
    apt = debian.PrivateApt("sid")
    (found,) = apt.download("odoo-19=19.0.0")
    assert found.read_bytes() == CONTENT
    apt.download("odoo-19=19.0.0")
    assert len(downloads(archive)) == 1, "a whole file is not fetched again"


@pytest.mark.parametrize(
    "broken",
    [CONTENT[:500], b"x" * len(CONTENT), CONTENT + b"tail", b""],
    ids=["truncated", "another", "too long", "empty"],
)
def test_broken_file_is_fetched_again(archive, broken):
    apt = debian.PrivateApt("sid")
    (apt.files / FILE).write_bytes(broken)
    (found,) = apt.download("odoo-19")
    assert found.read_bytes() == CONTENT
    assert len(downloads(archive)) == 1


def test_truncated_part_is_left_to_resume(tmp_path):
    package = debian.Package(FILE, len(CONTENT), "0" * 64)
    part, wrong = tmp_path / "part", tmp_path / "wrong"
    part.write_bytes(CONTENT[:10])
    wrong.write_bytes(CONTENT)
    debian.discard_broken(part, package)
    debian.discard_broken(wrong, package)
    assert part.exists() and not wrong.exists()


def test_wrong_hash_is_refused_and_removed(archive):
    (archive / "served").write_bytes(CONTENT.replace(b"all", b"ALL"))
    apt = debian.PrivateApt("sid")
    with pytest.raises(SetupError, match="hash of the archive's index"):
        apt.download("odoo-19")
    assert not (apt.files / FILE).exists()
    assert len(downloads(archive)) == 2, "tried once more before it gives up"


def test_closure_fetches_what_install_would(archive):
    """apt gives MD5 there, so that hashes are asked of download."""
    found = debian.PrivateApt("bookworm").closure("chromium")
    assert [path.name for path in found] == [FILE]
    assert downloads(archive)[0].endswith(" download odoo-19")


def test_package_without_sha256_is_refused():
    with pytest.raises(SetupError, match="no SHA-256"):
        debian.parse_uris(["'http://x/a.deb' a.deb 10 MD5Sum:00"])


def test_pin_is_checked_besides_the_index(tmp_path):
    deb = tmp_path / FILE
    deb.write_bytes(CONTENT)
    odoo.check_pin(deb, hashlib.sha256(CONTENT).hexdigest())
    with pytest.raises(SetupError, match="pinned hash"):
        odoo.check_pin(deb)
    assert not deb.exists()


def test_version_that_left_the_archive(archive, monkeypatch):
    monkeypatch.setattr(debian.PrivateApt, "versions", lambda *_: ["19.0.0+dfsg-9"])
    monkeypatch.delenv("ODOO_HOME", raising=False)
    monkeypatch.setattr(odoo, "UNPACKED", archive / "none")
    with pytest.raises(
        SetupError, match="no longer offers.*dfsg-9.*VERSION and SHA256"
    ):
        odoo.tree()


def test_mirror_is_a_setting_or_the_machines_own(archive, monkeypatch):
    assert debian.mirror() == "http://archive.example/debian/"
    monkeypatch.setenv("DEBIAN_MIRROR", "http://mirror.example/debian")
    assert debian.mirror() == "http://mirror.example/debian"


def test_without_apt(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda *_: None)
    with pytest.raises(SetupError, match="ODOO_HOME"):
        debian.mirror()


def test_without_keyring(archive, monkeypatch):
    monkeypatch.setattr(debian, "KEYRING", archive / "none.gpg")
    with pytest.raises(SetupError, match="debian-archive-keyring"):
        debian.PrivateApt("sid")


def ar_member(name, content):
    header = f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n"
    return header.encode() + content + b"\n" * (len(content) % 2)


def test_unpack_without_dpkg(tmp_path, monkeypatch):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:xz") as tar:
        info = tarfile.TarInfo("./usr/share/x.txt")
        info.size = 5
        tar.addfile(info, io.BytesIO(b"hello"))
    deb = tmp_path / "x.deb"
    deb.write_bytes(
        b"!<arch>\n"
        + ar_member("debian-binary", b"2.0\n")
        + ar_member("control.tar.xz", b"odd")
        + ar_member("data.tar.xz", data.getvalue())
    )
    which = shutil.which
    monkeypatch.setattr(
        shutil, "which", lambda name: None if name == "dpkg-deb" else which(name)
    )
    debian.unpack(deb, tmp_path / "root")
    assert (tmp_path / "root/usr/share/x.txt").read_text() == "hello"


def test_unpack_of_something_else(tmp_path, monkeypatch):
    deb = tmp_path / "x.deb"
    deb.write_bytes(b"<html>not found</html>")
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(SetupError, match="not a Debian package"):
        debian.unpack(deb, tmp_path / "root")
