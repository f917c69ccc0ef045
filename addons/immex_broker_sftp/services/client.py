# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""An SFTP server that is known by its key: put a file there once, list, fetch, move.

Nothing is sent, not even the login, before the server has proved the key that is
expected. Every wait ends: a silence after ``SILENCE`` seconds, the whole after what the
caller allows.
"""

import base64
import hashlib
import logging
import socket
import stat
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import paramiko
from paramiko.sftp import SFTPError

from .names import check_own, join
from .secrets import public_line

SILENCE, WHOLE = 20, 60  # seconds
BLOCK = 32 * 1024
LISTED = 2000
RSA = ("rsa-sha2-512", "rsa-sha2-256")  # one key, two ways to sign
TROUBLE = (paramiko.SSHException, SFTPError, OSError, EOFError, ValueError)

# What goes wrong is raised; the library would log it as an error of ours besides.
LOG = logging.getLogger(f"{__name__}.ssh")
if LOG.level == logging.NOTSET:
    LOG.setLevel(logging.CRITICAL)


class SftpProblem(Exception):
    """It did not get there, or nobody knows.

    :ivar code: ``unreachable``, ``host_key``, ``login``, ``folder``, ``lost``,
        ``slow``, ``refused`` or ``too_large``
    :ivar detail: what the library or the server said; no secret is in it
    """

    def __init__(self, code, detail=""):
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, str(detail)[:300]


@dataclass(frozen=True)
class Server:
    """Where to go, who we are, and whom we expect there.

    :ivar host_key: of the server, as ``ssh-ed25519 AAAA...``; empty: nobody is expected
    :ivar secret: ``(password, key)``, one of them None
    """

    host: str
    port: int
    login: str = ""
    host_key: str = ""
    secret: tuple = (None, None)

    def __repr__(self):
        return f"Server({self.host!r}, {self.port})"


@dataclass(frozen=True)
class Listed:
    """A file of a folder: name, bytes, and time of change as the server tells it."""

    name: str
    size: int
    modified: int


# the server's key ---------------------------------------------------------------------
def fetch_host_key(host, port):
    """``(line, fingerprint)`` of the key that a server shows; nothing else is sent."""
    with _transport(Server(host, port), 2 * SILENCE) as transport:
        _greet(transport)
        line = public_line(transport.get_remote_server_key())
        return line, fingerprint(line)


def fingerprint(line):
    """Fingerprint of a key's line as OpenSSH shows it, or "" where it is none."""
    try:
        _name, data = line.split()[:2]
        digest = hashlib.sha256(base64.b64decode(data, validate=True)).digest()
    except ValueError:
        return ""
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


# a session ----------------------------------------------------------------------------
@contextmanager
def session(server, whole=WHOLE):
    """Log in to a server; yield a :class:`Session`.

    :param whole: seconds after which it ends, whatever is going on
    :raise SftpProblem: also from within, for what goes wrong there
    """
    with _transport(server, whole) as transport:
        _greet(transport, server)
        _log_in(transport, server)
        with _told("lost"):
            files = paramiko.SFTPClient.from_transport(transport)
            files.get_channel().settimeout(SILENCE)
        yield Session(files)


@contextmanager
def _transport(server, whole):
    with _told("unreachable"):
        sock = socket.create_connection((server.host, server.port), SILENCE)
    late = threading.Event()
    with sock:
        with _told("unreachable"):
            transport = paramiko.Transport(sock)
        transport.set_log_channel(LOG.name)
        transport.banner_timeout = transport.handshake_timeout = SILENCE
        transport.auth_timeout = transport.channel_timeout = SILENCE

        def stop():
            late.set()
            transport.close()

        watch = threading.Timer(whole, stop)
        watch.daemon = True
        watch.start()
        try:
            yield transport
        except SftpProblem as problem:
            if late.is_set():
                raise SftpProblem("slow", f"{whole} s") from problem
            raise
        finally:
            watch.cancel()
            transport.close()


def _greet(transport, server=None):
    """Let the server prove its key; of the kind that is expected, as OpenSSH asks."""
    expected = server.host_key.split()[:2] if server else None
    if server and len(expected) != 2:
        raise SftpProblem("host_key", "no key is confirmed")
    if expected:
        kinds = RSA if expected[0] == "ssh-rsa" else (expected[0],)
        with _told("host_key"):
            transport.get_security_options().key_types = kinds
    try:
        transport.start_client(timeout=SILENCE)
        shown = transport.get_remote_server_key()  # raises where it fell silent
    except paramiko.ssh_exception.IncompatiblePeer as error:
        # the server has no key of the kind that is expected
        raise SftpProblem("host_key" if expected else "unreachable", error) from error
    except TROUBLE as error:
        raise SftpProblem("unreachable", _text(error)) from error
    line = public_line(shown)
    if expected and line.split()[:2] != expected:
        raise SftpProblem("host_key", fingerprint(line))


def _log_in(transport, server):
    password, key = server.secret
    try:
        if key:
            transport.auth_publickey(server.login, key)
        else:
            transport.auth_password(server.login, password or "")
        if not transport.is_authenticated():
            raise SftpProblem("login", "another proof is asked for")
    except paramiko.AuthenticationException as error:
        raise SftpProblem("login", type(error).__name__) from error
    except TROUBLE as error:
        raise SftpProblem("lost", _text(error)) from error


@contextmanager
def _told(code):
    """Errors of the library as a problem of ours."""
    try:
        yield
    except TimeoutError as error:
        raise SftpProblem("slow", _text(error)) from error
    except (FileNotFoundError, PermissionError) as error:
        raise SftpProblem("refused", _text(error)) from error
    except (EOFError, paramiko.SSHException, SFTPError) as error:
        raise SftpProblem(
            "lost" if code == "refused" else code, _text(error)
        ) from error
    except (OSError, ValueError) as error:
        raise SftpProblem(code, _text(error)) from error


def _text(error):
    return str(error) or type(error).__name__


class Session:
    """Files of a server that let us in."""

    def __init__(self, files):
        self._files = files

    def check_folder(self, folder):
        """:raise SftpProblem: it is no folder that this login may list"""
        with _told("refused"):
            try:
                mode = self._files.stat(folder or ".").st_mode
            except (FileNotFoundError, PermissionError) as error:
                raise SftpProblem("folder", folder or ".") from error
            if mode is not None and not stat.S_ISDIR(mode):
                raise SftpProblem("folder", folder)

    def put_once(self, folder, name, content):
        """Put a file there, whole or not at all.

        :param name: our own; the same name is the same content
        :return: False where it stood there before, with the same bytes
        """
        with _told("refused"):
            target = join(folder, check_own(name))
            part = join(folder, f".{name}.part")
            self.check_folder(folder)
            if self._has(target, content):
                return False
            try:
                with self._files.open(part, "wb") as file:
                    for start in range(0, len(content), BLOCK):
                        file.write(content[start : start + BLOCK])
                if not self._has(part, content):
                    raise SftpProblem("refused", "the server keeps other bytes")
                self._rename(part, target)
            except BaseException:
                with suppress(*TROUBLE):
                    self._files.remove(part)
                raise
        return True

    def _has(self, path, content):
        """Whether there is a file of these very bytes."""
        try:
            if self._files.stat(path).st_size != len(content):
                return False
            with self._files.open(path, "rb") as file:
                kept = b""
                while len(kept) <= len(content) and (block := file.read(BLOCK)):
                    kept += block
        except FileNotFoundError:
            return False
        return kept == content

    def list(self, folder):
        """Regular files of a folder, as :class:`Listed`; at most ``LISTED``."""
        result = []
        with _told("refused"):
            try:
                for entry in self._files.listdir_iter(folder or ".", read_aheads=2):
                    if not stat.S_ISREG(entry.st_mode or 0):
                        continue
                    result.append(
                        Listed(entry.filename, entry.st_size or 0, entry.st_mtime or 0)
                    )
                    if len(result) == LISTED:
                        break
            except FileNotFoundError as error:
                raise SftpProblem("folder", folder or ".") from error
        return result

    def fetch(self, folder, name, target, limit):
        """Copy a file into ``target``, a binary stream.

        :raise SftpProblem: ``too_large``: beyond ``limit`` bytes
        """
        size = 0
        with _told("refused"), self._files.open(join(folder, name), "rb") as file:
            while block := file.read(BLOCK):
                size += len(block)
                if size > limit:
                    raise SftpProblem("too_large", name)
                target.write(block)
        target.seek(0)
        return size

    def move(self, folder, name, into, new_name):
        """Move a file into another folder, in place of one that bears the name."""
        with _told("refused"):
            self._rename(join(folder, name), join(into, new_name))

    def make_folder(self, folder):
        """Make a folder where it is missing."""
        with _told("refused"):
            try:
                self._files.stat(folder)
            except FileNotFoundError:
                self._files.mkdir(folder, 0o750)

    def _rename(self, source, target):
        try:
            self._files.posix_rename(source, target)
        except OSError as error:
            if isinstance(error, FileNotFoundError | PermissionError):
                raise
            # a server without the extension: its rename takes no name that is taken
            with suppress(FileNotFoundError):
                self._files.remove(target)
            self._files.rename(source, target)
