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


def find():
    """Path of a browser that starts, or None."""
    wrapper = UNPACKED / "chromium.sh"
    for name in (*NAMES, str(wrapper)):
        path = shutil.which(name)
        if path and _starts(path):
            return path
    return None


def _starts(path):
    done = subprocess.run(
        [path, "--version"], capture_output=True, text=True, check=False
    )
    return done.returncode == 0


def ensure():
    """Return the path of a browser, installing one where none is there.

    Without one, tests that need it are skipped; under CI=true that is a failure.
    """
    found = find()
    if found:
        return found
    try:
        with stage("Chromium"):
            if os.geteuid() == 0 and shutil.which("apt-get"):
                _install()
            else:
                _unpack()
        found = find()
    except SetupError as error:
        print(f"   {error}")
    if not found and os.environ.get("CI") == "true":
        raise SetupError("No Chromium could be had, and CI must run the browser tests.")
    return found


def _install():
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update"], quiet=True, env=environment)
    run(
        ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"],
        "Install chromium by hand, or run as an ordinary user.",
        quiet=True,
        env=environment,
    )


def _unpack():
    """Chromium and the libraries that the machine lacks, below ``.cache/chromium``."""
    apt = PrivateApt(_suite(), installed=True)
    apt.update()
    for deb in apt.closure("chromium"):
        unpack(deb, UNPACKED)
    libraries = {
        str(path.parent) for path in (UNPACKED / "usr/lib").rglob("*.so*") if path
    }
    wrapper = UNPACKED / "chromium.sh"
    wrapper.write_text(
        "#!/bin/sh\n"
        f"export LD_LIBRARY_PATH='{':'.join(sorted(libraries))}'\n"
        f"exec '{UNPACKED}/usr/lib/chromium/chromium' \"$@\"\n",
        encoding="utf-8",
    )
    wrapper.chmod(0o755)


def _suite():
    try:
        with open("/etc/os-release", encoding="utf-8") as stream:
            values = dict(line.rstrip().split("=", 1) for line in stream if "=" in line)
    except OSError:
        values = {}
    if values.get("ID") == "debian" and values.get("VERSION_CODENAME"):
        return values["VERSION_CODENAME"]
    return "stable"
