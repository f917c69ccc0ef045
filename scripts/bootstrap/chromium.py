# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A Chromium for the browser tests: from the path, by apt, or unpacked from Debian."""

import os
import shutil
import subprocess

from .debian import PrivateApt, unpack
from .paths import CACHE, SetupError
from .shell import run, stage

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNPACKED = CACHE / "chromium"
WRAPPER = UNPACKED / "chromium.sh"


def find():
    """Path of a browser that starts, or None."""
    for name in (*NAMES, str(WRAPPER)):
        path = shutil.which(name)
        if path and _starts(path):
            return path
    return None


def _starts(path):
    try:
        done = subprocess.run(
            [path, "--version"], capture_output=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def ensure():
    """Return the path of a browser, installing one where none is there.

    Without one, tests that need it are skipped; under CI=true that is a failure.
    """
    found = find()
    if found:
        return found
    reason = "it does not start"
    try:
        with stage("Chromium"):
            found = _installed() or _unpack() or find()
    except SetupError as error:
        reason = str(error)
    if found:
        return found
    if os.environ.get("CI") == "true":
        raise SetupError(
            f"No Chromium, and CI must run the browser tests: {reason}\n"
            "Install chromium so that it is on the path, and run again."
        )
    print(f"   no Chromium, browser tests are skipped: {reason}", flush=True)
    return None


def _installed():
    """Install with apt where that is allowed; the path of a browser that then starts,
    or None, so that unpacking is the second chance."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    try:
        _install()
    except SetupError as error:
        print(f"   apt: {error}", flush=True)
    return find()


def _install():
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "-q", "update"], quiet=True, env=environment)
    run(
        ["apt-get", "-q", "install", "--yes", "--no-install-recommends", "chromium"],
        "Install chromium by hand, or run as an ordinary user.",
        quiet=True,
        env=environment,
    )


def _unpack():
    """Chromium and the libraries that the machine lacks, below ``.cache/chromium``."""
    apt = PrivateApt(machine_suite(), installed=True)
    apt.update()
    for deb in apt.closure("chromium"):
        unpack(deb, UNPACKED)
    libraries = {str(path.parent) for path in (UNPACKED / "usr/lib").rglob("*.so*")}
    WRAPPER.write_text(
        "#!/bin/sh\n"
        f"export LD_LIBRARY_PATH='{':'.join(sorted(libraries))}'\n"
        f"exec '{UNPACKED}/usr/lib/chromium/chromium' \"$@\"\n",
        encoding="utf-8",
    )
    WRAPPER.chmod(0o755)


def machine_suite(release="/etc/os-release"):
    """Debian's suite of this machine, so that libraries fit; else stable."""
    try:
        with open(release, encoding="utf-8") as stream:
            values = dict(line.rstrip().split("=", 1) for line in stream if "=" in line)
    except OSError:
        values = {}
    if values.get("ID") == "debian" and values.get("VERSION_CODENAME"):
        return values["VERSION_CODENAME"].strip('"')
    return "stable"
