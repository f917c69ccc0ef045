# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What can be known of docker/ without an engine: nothing secret, nothing misspelt."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
PRINT_OPTIONS = """
import sys
from odoo.tools import config
config.parse_config(["-c", sys.argv[1]])
print("|".join(str(config[name]) for name in sys.argv[2:]))
"""


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((DOCKER / "compose.yaml").read_text())


def options():
    text = (DOCKER / "odoo.conf").read_text()
    return dict(re.findall(r"^(\w+) = (.*)$", text, re.MULTILINE))


def test_odoo_takes_every_option(tmp_path):
    """Odoo reads the configuration and warns of no unknown key or bad value."""
    given = options()
    names = ["workers", "limit_time_real_cron", "list_db", "proxy_mode", "db_maxconn"]
    local = tmp_path / "odoo.conf"
    text = (DOCKER / "odoo.conf").read_text()
    text = re.sub(r"^addons_path.*$", "", text, flags=re.MULTILINE)
    local.write_text(re.sub(r"^data_dir.*$", f"data_dir = {tmp_path}", text, flags=8))
    done = subprocess.run(
        [sys.executable, "-c", PRINT_OPTIONS, local, *names],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "|".join(given[name] for name in names)
    assert "unknown option" not in done.stderr.lower()
    assert "warning" not in done.stderr.lower(), done.stderr


def test_connections_suffice(compose):
    """Workers, scheduled actions and the bus never ask for more than PostgreSQL has."""
    given = {name: int(options()[name]) for name in ("workers", "max_cron_threads")}
    processes = sum(given.values()) + 1
    command = " ".join(compose["services"]["db"]["command"])
    allowed = int(re.search(r"max_connections=(\d+)", command).group(1))
    assert processes * int(options()["db_maxconn"]) < allowed


def test_no_secret_in_image_or_git():
    text = "".join(
        path.read_text() for path in DOCKER.iterdir() if path.is_file()
    ).lower()
    assert not re.search(r"^\s*(admin_passwd|db_password)\s*=", text, re.MULTILINE)
    assert "/docker/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    kept = (ROOT / ".dockerignore").read_text().splitlines()
    assert kept[0] == "*", "the context holds what is listed, and no secret"
    assert not [line for line in kept if line.startswith("!") and "secret" in line]


def test_secrets_are_declared_and_used(compose):
    declared = set(compose["secrets"])
    for service in compose["services"].values():
        assert set(service["secrets"]) <= declared
        for name, value in service["environment"].items():
            if "PASSWORD" in name:
                assert name.endswith("_FILE")
                assert value.removeprefix("/run/secrets/") in service["secrets"]


def test_services_are_watched_and_closed(compose):
    database, odoo = compose["services"]["db"], compose["services"]["odoo"]
    assert database["healthcheck"]["test"][1].startswith("pg_isready")
    assert odoo["depends_on"]["db"]["condition"] == "service_healthy"
    assert "HEALTHCHECK" in (DOCKER / "Dockerfile").read_text()
    assert "ports" not in database
    assert all(port.startswith("127.0.0.1:") for port in odoo["ports"])
    major = int(database["image"].rpartition(":")[2])
    assert major >= 15


def test_copied_files_are_in_the_context():
    kept = (ROOT / ".dockerignore").read_text().splitlines()
    sources = re.findall(
        r"^COPY (?:--\S+ )*(\S+) ", (DOCKER / "Dockerfile").read_text(), re.MULTILINE
    )
    assert sources
    for source in sources:
        assert (ROOT / source).exists() and f"!{source}" in kept


def test_entry_point_stops_without_secrets(tmp_path):
    done = subprocess.run(
        ["sh", DOCKER / "entrypoint.sh", "odoo"],
        env={"PATH": "/usr/bin:/bin", "ADMIN_PASSWORD_FILE": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "missing or empty" in done.stderr
