# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where Odoo, Python, PostgreSQL and the browser come from, and what is refused."""

import socket

import pytest

from bootstrap import chromium, config, database, demo, odoo, paths, postgres, suite
from bootstrap.paths import SetupError

RELEASE = "version_info = (19, 0, 0, FINAL, 0, '')\n"


@pytest.fixture
def checkout(tmp_path):
    """A tree as git has it: odoo/ and addons/ side by side."""
    (tmp_path / "odoo/addons").mkdir(parents=True)
    (tmp_path / "addons").mkdir()
    (tmp_path / "odoo/release.py").write_text(RELEASE)
    return tmp_path


def test_odoo_home_checkout(checkout, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(checkout))
    tree = odoo.tree()
    assert tree.import_path == checkout
    assert tree.addons == [str(checkout / "addons"), str(checkout / "odoo/addons")]


def test_odoo_home_dist_packages(checkout):
    (checkout / "addons").rmdir()
    for home in (checkout, checkout / "odoo"):
        tree = odoo.given(home)
        assert tree.import_path == checkout
        assert tree.addons == [str(checkout / "odoo/addons")]


def test_odoo_home_names_no_odoo(tmp_path):
    with pytest.raises(SetupError, match="holds no Odoo"):
        odoo.given(tmp_path)


def test_odoo_home_of_another_version(checkout):
    (checkout / "odoo/release.py").write_text(RELEASE.replace("19, 0", "18, 0"))
    with pytest.raises(SetupError, match="not Odoo 19.0"):
        odoo.given(checkout)


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_python_out_of_range(version):
    from bootstrap import venv

    with pytest.raises(SetupError, match="python3.11"):
        venv.check_python(version)


@pytest.mark.parametrize("version", [140011, 130000])
def test_old_postgresql_is_refused(version):
    with pytest.raises(SetupError, match="too old: 15 or newer"):
        postgres.check_version(version)


@pytest.mark.parametrize("version", [150000, 180001])
def test_new_postgresql_is_taken(version):
    postgres.check_version(version)


def test_role_postgres_is_refused(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGUSER", "postgres")
    with pytest.raises(SetupError, match="refuses the database role postgres"):
        postgres.server()


def test_role_without_createdb_is_refused(monkeypatch):
    answers = {"SHOW": ["160000"], "SELECT": ["False"]}
    given = postgres.Server("db.example", "5432", "clerk", "secret")
    monkeypatch.setattr(given, "query", lambda text: answers[text.split()[0]])
    with pytest.raises(SetupError, match="ALTER ROLE clerk CREATEDB"):
        given.check()


def test_named_server_is_used(monkeypatch):
    monkeypatch.setattr(postgres.Server, "check", lambda _self: None)
    for name, value in (
        ("PGHOST", "db.example"),
        ("PGPORT", "6432"),
        ("PGUSER", "clerk"),
        ("PGPASSWORD", "se'cret"),
    ):
        monkeypatch.setenv(name, value)
    server = postgres.server()
    assert (server.host, server.port, server.user) == ("db.example", "6432", "clerk")
    assert "secret" not in server.dsn("x")
    assert server.environment()["PGPASSWORD"] == "se'cret"


def test_socket_path_never_too_long(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "CACHE", tmp_path / ("d" * 120) / ".cache")
    directory = paths.postgres_dir()
    assert len(str(directory / ".s.PGSQL.5432")) < 107


def test_path_closed_to_others(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not paths.open_to_others(closed / "pg")


def test_configuration(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "CACHE", tmp_path)
    tree = odoo.Tree(tmp_path, [tmp_path / "addons"], "19.0")
    server = postgres.Server("/run/pg", "", "immex", "")
    written = config.write(tree, server, tmp_path / "odoo.conf", tmp_path / "data")
    text = written.read_text()
    assert "db_host = /run/pg\n" in text and "db_password = False\n" in text
    assert f"addons_path = {tmp_path / 'addons'},{paths.ADDONS}\n" in text
    assert written.stat().st_mode & 0o077 == 0, "it may hold a password"


def test_digest_sees_sources_only(tmp_path):
    module = tmp_path / "module"
    for folder in ("tests", "__pycache__", ".cache", "models"):
        (module / folder).mkdir(parents=True)
    before = database.files_digest(tmp_path, skip={"tests"})
    for folder in ("tests", "__pycache__", ".cache"):
        (module / folder / "x.py").write_text("x")
    assert database.files_digest(tmp_path, skip={"tests"}) == before
    (module / "models/x.py").write_text("x")
    changed = database.files_digest(tmp_path, skip={"tests"})
    assert changed != before
    (module / "models/x.py").rename(module / "models/y.py")
    assert database.files_digest(tmp_path, skip={"tests"}) not in (before, changed)


def test_busy_port_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SetupError, match="set PORT"):
            demo.check_port(str(taken.getsockname()[1]))


def test_port_that_is_none():
    with pytest.raises(SetupError, match="set PORT"):
        demo.check_port("eighty")


@pytest.fixture
def no_browser(monkeypatch):
    def fail():
        raise SetupError("no archive")

    monkeypatch.setattr(chromium, "find", lambda: None)
    monkeypatch.setattr(chromium, "_install", fail)
    monkeypatch.setattr(chromium, "_unpack", fail)


def test_no_browser_fails_ci(no_browser, monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SetupError, match="CI must run the browser tests: no archive"):
        chromium.ensure()


def test_no_browser_elsewhere(no_browser, monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    assert chromium.ensure() is None
    assert "skipped: no archive" in capsys.readouterr().out


def test_suite_of_the_machine(tmp_path):
    release = tmp_path / "os-release"
    release.write_text('ID=debian\nVERSION_CODENAME="trixie"\n')
    assert chromium.machine_suite(release) == "trixie"
    release.write_text("ID=ubuntu\nVERSION_CODENAME=noble\n")
    assert chromium.machine_suite(release) == "stable"
    assert chromium.machine_suite(tmp_path / "none") == "stable"


RAN = "INFO db odoo.tests.result: {} failed, {} error(s) of {} tests when loading"


@pytest.mark.parametrize(
    ("code", "lines", "complaint"),
    [
        (0, [RAN.format(0, 0, 12)], ""),
        (0, [RAN.format(0, 0, 0)], "no test was run"),
        (0, [], "no test was run"),
        (0, [RAN.format(1, 2, 12)], "1 failed, 2 errors"),
        (255, [RAN.format(0, 0, 12)], "failed (255)"),
    ],
)
def test_odoo_runner_is_judged(code, lines, complaint):
    assert suite.odoo_judge(code, lines) == complaint


@pytest.mark.parametrize(
    ("code", "may_be_empty", "complaint"),
    [(0, False, ""), (1, False, "failed (1)"), (5, False, "no test was found")]
    + [(5, True, ""), (1, True, "failed (1)")],
)
def test_pytest_is_judged(code, may_be_empty, complaint):
    assert suite.pytest_judge(may_be_empty)(code, []) == complaint


def test_suites_fail_together(capfd):
    judge = suite.pytest_judge()
    suites = [
        suite.Suite("good", ["true"], None, judge),
        suite.Suite("bad", ["sh", "-c", "echo why; exit 3"], None, judge),
    ]
    assert [failed.name for failed in suite.run_suites(suites)] == ["bad"]
    assert "[bad] why" in capfd.readouterr().out
