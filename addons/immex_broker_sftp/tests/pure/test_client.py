# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The client against a real server that misbehaves on command."""

import io
import logging
import os
import time

import paramiko
import pytest
from services import client, names, secrets
from services.client import Server, SftpProblem
from sftp_peer import LOGIN, PASSWORD, sftp_peer

CONTENT = b"<notice/>" * 20_000  # several blocks


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(client, "SILENCE", 2)


@pytest.fixture
def peer():
    with sftp_peer() as one:
        (one.root / "in").mkdir()
        yield one


def server(peer, **values):
    values = {
        "host": "127.0.0.1",
        "port": peer.port,
        "login": LOGIN,
        "host_key": peer.line,
        "secret": (PASSWORD, None),
    } | values
    return Server(**values)


def put(peer, content=CONTENT, whole=20, **values):
    with client.session(server(peer, **values), whole) as session:
        return session.put_once("in", "notice-1.xml", content)


def problem(function, *args, **options):
    with pytest.raises(SftpProblem) as caught:
        function(*args, **options)
    return caught.value.code


def listed(peer):
    return sorted(os.listdir(peer.root / "in"))


# who is there -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "key",
    [
        paramiko.RSAKey.generate(2048),
        paramiko.ECDSAKey.generate(),
        secrets.read_key(secrets.make_key("x")[0]),
    ],
    ids=lambda key: key.get_name(),
)
def test_the_key_that_is_fetched_is_the_key_that_is_expected(key):
    with sftp_peer(key) as peer:
        (peer.root / "in").mkdir()
        line, mark = client.fetch_host_key("127.0.0.1", peer.port)
        assert line.split() == peer.line.split()
        assert mark == client.fingerprint(line) and mark.startswith("SHA256:")
        assert not peer.tried
        assert put(peer, host_key=line)


@pytest.mark.parametrize("expected", ["same kind", "other kind", "none", "nonsense"])
def test_another_server_gets_no_word_of_ours(peer, expected):
    other = {
        "same kind": paramiko.ECDSAKey.generate(),
        "other kind": paramiko.RSAKey.generate(2048),
    }.get(expected)
    line = secrets.public_line(other) if other else ""
    line = "ssh-foo AAAA" if expected == "nonsense" else line
    assert problem(put, peer, host_key=line) == "host_key"
    assert not peer.tried and not listed(peer)


def test_a_wrong_password(peer, caplog):
    caplog.set_level(logging.DEBUG)
    assert problem(put, peer, secret=("Wr0ng-one", None)) == "login"
    assert peer.tried == [("password", LOGIN, "Wr0ng-one")]
    assert put(peer)
    assert "Wr0ng-one" not in caplog.text and PASSWORD not in caplog.text


@pytest.mark.parametrize("passphrase", [None, "öpen sesame"])
def test_a_private_key(peer, passphrase):
    made = paramiko.ECDSAKey.generate()
    stream = io.StringIO()
    made.write_private_key(stream, passphrase)
    packed = secrets.pack(key=stream.getvalue(), passphrase=passphrase)
    proof = secrets.unpack(packed)
    assert problem(put, peer, secret=proof) == "login"
    peer.accepted.add(made.get_base64())
    assert put(peer, secret=proof)
    if passphrase:
        with pytest.raises(secrets.BadKey):
            secrets.read_key(stream.getvalue(), "another")
        with pytest.raises(secrets.BadKey):
            secrets.read_key(stream.getvalue())


def test_a_key_pair_that_is_made_here(peer):
    private, line = secrets.make_key("ADN150203AB1")
    assert line.startswith("ssh-ed25519 ") and line.endswith(" ADN150203AB1")
    peer.accepted.add(line.split()[1])
    assert put(peer, secret=secrets.unpack(secrets.pack(key=private)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\n!!\n-----END RSA PRIVATE KEY-----",
        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n",
        "-----BEGIN OPENSSH PRIVATE KEY-----\n" * 3000,
    ],
)
def test_what_is_no_key(text):
    with pytest.raises(secrets.BadKey) as caught:
        secrets.read_key(text)
    assert not str(caught.value)


# put ----------------------------------------------------------------------------------
def test_a_file_is_put_once(peer):
    assert put(peer) is True
    written = list(peer.written)
    assert (peer.root / "in/notice-1.xml").read_bytes() == CONTENT
    assert put(peer) is False
    assert peer.written == written == ["/in/.notice-1.xml.part"]
    assert listed(peer) == ["notice-1.xml"]


def test_what_is_damaged_there_is_put_again(peer):
    (peer.root / "in/notice-1.xml").write_bytes(CONTENT[:100])
    assert put(peer) is True
    same_size = CONTENT[:-1] + b"?"
    (peer.root / "in/notice-1.xml").write_bytes(same_size)
    peer.trouble.add("no_posix")
    assert put(peer) is True
    assert (peer.root / "in/notice-1.xml").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "trouble, code, left",
    [
        ("full", "refused", []),
        ("damage", "refused", []),
        ("read_only", "refused", []),
        ("no_move", "refused", []),
        ("drop", "lost", [".notice-1.xml.part"]),
    ],
)
def test_half_a_file_never_bears_the_name(peer, trouble, code, left):
    peer.trouble.add(trouble)
    assert problem(put, peer) == code
    assert listed(peer) == left
    peer.trouble.clear()
    assert put(peer) is True
    assert listed(peer) == ["notice-1.xml"]
    assert (peer.root / "in/notice-1.xml").read_bytes() == CONTENT


def test_silence_and_slowness_end(peer):
    peer.trouble, peer.silence = {"silent"}, 6
    begun = time.monotonic()
    assert problem(put, peer, whole=20) == "slow"
    assert time.monotonic() - begun < 9
    peer.trouble = {"slow_read"}
    (peer.root / "in/big").write_bytes(b"x" * 400_000)
    begun = time.monotonic()
    with pytest.raises(SftpProblem) as caught:
        with client.session(server(peer), 3) as session:
            session.fetch("in", "big", io.BytesIO(), 10**6)
    assert caught.value.code == "slow" and time.monotonic() - begun < 6
    peer.trouble = {"mute"}
    begun = time.monotonic()
    assert problem(put, peer) == "unreachable"
    assert problem(client.fetch_host_key, "127.0.0.1", peer.port) == "unreachable"
    assert time.monotonic() - begun < 12


def test_nobody_there(peer):
    peer.close()
    assert problem(put, peer) == "unreachable"
    assert problem(put, peer, host="no.such.host.invalid") == "unreachable"


def test_no_such_folder(peer):
    (peer.root / "in").rmdir()
    assert problem(put, peer) == "folder"
    (peer.root / "in").write_text("a file")
    assert problem(put, peer) == "folder"


# list, fetch, move --------------------------------------------------------------------
def test_fetch_and_move(peer):
    (peer.root / "in/a.xml").write_bytes(CONTENT)
    (peer.root / "in/sub").mkdir()
    os.symlink("/etc/passwd", peer.root / "in/link.xml")
    with client.session(server(peer)) as session:
        (found,) = session.list("in")
        assert (found.name, found.size) == ("a.xml", len(CONTENT))
        copy = io.BytesIO()
        assert session.fetch("in", "a.xml", copy, len(CONTENT)) == len(CONTENT)
        assert copy.getvalue() == CONTENT
        assert (
            problem(session.fetch, "in", "a.xml", io.BytesIO(), len(CONTENT) - 1)
            == "too_large"
        )
        session.make_folder("in/done")
        session.make_folder("in/done")
        session.move("in", "a.xml", "in/done", "a.xml")
        assert not session.list("in")
    assert (peer.root / "in/done/a.xml").read_bytes() == CONTENT


def test_half_a_file_is_not_fetched(peer):
    (peer.root / "in/a.xml").write_bytes(CONTENT)
    peer.trouble.add("drop_read")
    with pytest.raises(SftpProblem) as caught:
        with client.session(server(peer)) as session:
            session.fetch("in", "a.xml", io.BytesIO(), 10**6)
    assert caught.value.code == "lost"


def test_a_long_list_ends(peer, monkeypatch):
    monkeypatch.setattr(client, "LISTED", 5)
    for number in range(40):
        (peer.root / f"in/{number:02d}.xml").write_text("x")
    with client.session(server(peer)) as session:
        assert len(session.list("in")) == 5
        assert len(session.list("in")) == 5


# names --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name", ["../a.xml", "a/b", "", ".a", "a\n", "a..b", "x" * 200]
)
def test_names_of_ours(name):
    with pytest.raises(ValueError):
        names.check_own(name)


@pytest.mark.parametrize(
    "name, kind",
    [
        ("m3456001.275", "m3"),
        ("M3456001.275", "m3"),
        ("a3456001.275", None),
        ("m3456001.err", None),
        ("pedimento.XML", "xml"),
        ("partes.csv", "parts"),
        ("partes.csv.part", None),
        ("../m3456001.275", None),
        ("..\\m3456001.275", None),
        (".partes.csv", None),
        ("a\x1b[31m.xml", None),
        ("x" * 130 + ".xml", None),
        ("", None),
    ],
)
def test_kinds(name, kind):
    assert names.kind_of(name) == kind


@pytest.mark.parametrize(
    "folder, right",
    [
        ("in/new", True),
        ("/home/x", True),
        ("../x", False),
        ("in/..", False),
        ("a\\b", False),
        ("a\nb", False),
        ("x" * 300, False),
    ],
)
def test_folders(folder, right):
    assert names.is_folder(folder) is right


def test_paths():
    assert names.join("", "a") == "a"
    assert names.join("/", "a") == "/a"
    assert names.join("in/", "a") == "in/a"
