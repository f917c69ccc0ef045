# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A broker's SFTP server, real, on 127.0.0.1: a folder that it serves, and trouble on
command. It keeps to its folder as a jailed account does."""

import argparse
import logging
import os
import socket
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import paramiko
from paramiko.sftp import SFTP_FAILURE, SFTP_OP_UNSUPPORTED, SFTP_PERMISSION_DENIED

# its own troubles are wanted and nobody's news
logging.getLogger("immex_test_sftp").setLevel(logging.CRITICAL)

LOGIN, PASSWORD = "company", "s3cret-w0rd"


class _Server(paramiko.ServerInterface):
    def __init__(self, peer):
        self.peer = peer

    def get_allowed_auths(self, _username):
        return "password,publickey"

    def check_auth_password(self, username, password):
        self.peer.tried.append(("password", username, password))
        right = (username, password) == (LOGIN, PASSWORD)
        return paramiko.AUTH_SUCCESSFUL if right else paramiko.AUTH_FAILED

    def check_auth_publickey(self, username, key):
        self.peer.tried.append(("publickey", username, key.get_base64()))
        right = username == LOGIN and key.get_base64() in self.peer.accepted
        return paramiko.AUTH_SUCCESSFUL if right else paramiko.AUTH_FAILED

    def check_channel_request(self, _kind, _chanid):
        return paramiko.OPEN_SUCCEEDED


class _Handle(paramiko.SFTPHandle):
    def __init__(self, peer, flags):
        super().__init__(flags)
        self.peer = peer

    def write(self, offset, data):
        trouble = self.peer.trouble
        if "full" in trouble:
            self.writefile.write(data[:10])
            return SFTP_FAILURE
        if "drop" in trouble:
            self.writefile.write(data[: len(data) // 2])
            self.writefile.flush()
            self.peer.hang_up()
            return SFTP_FAILURE
        if "damage" in trouble:
            data = data[:-1] + b"?"
        return super().write(offset, data)

    def read(self, offset, length):
        if "drop_read" in self.peer.trouble and offset:
            self.peer.hang_up()
        if "slow_read" in self.peer.trouble:
            time.sleep(0.2)
        return super().read(offset, min(length, 8192))


class _Files(paramiko.SFTPServerInterface):
    def __init__(self, server, peer):
        super().__init__(server)
        self.peer = peer

    def _path(self, path):
        return str(self.peer.root) + self.canonicalize(path)

    def canonicalize(self, path):
        return os.path.normpath("/" + path).replace("//", "/")

    def _trouble(self, operation):
        self.peer.asked.append(operation)
        if "silent" in self.peer.trouble:
            time.sleep(self.peer.silence)

    def list_folder(self, path):
        self._trouble("list")
        try:
            entries = sorted(os.scandir(self._path(path)), key=lambda e: e.name)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        listed = [
            paramiko.SFTPAttributes.from_stat(e.stat(follow_symlinks=False), e.name)
            for e in entries
        ]
        for name in self.peer.named:
            odd = paramiko.SFTPAttributes()
            odd.filename, odd.st_size, odd.st_mtime = name, 3, 1
            odd.st_mode = 0o100644
            listed.append(odd)
        return listed

    def stat(self, path):
        self._trouble("stat")
        try:
            return paramiko.SFTPAttributes.from_stat(os.stat(self._path(path)))
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    lstat = stat

    def open(self, path, flags, attr):
        self._trouble("open")
        writing = flags & (os.O_WRONLY | os.O_RDWR)
        if writing and "read_only" in self.peer.trouble:
            return SFTP_PERMISSION_DENIED
        try:
            handle = os.open(self._path(path), flags, 0o640)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        file = _Handle(self.peer, flags)
        if writing:
            self.peer.written.append(self.canonicalize(path))
            file.writefile = os.fdopen(handle, "wb")
        else:
            file.readfile = os.fdopen(handle, "rb")
        return file

    def remove(self, path):
        return self._do(os.remove, self._path(path))

    def mkdir(self, path, attr):
        return self._do(os.mkdir, self._path(path))

    def rename(self, oldpath, newpath):
        if os.path.exists(self._path(newpath)):
            return SFTP_FAILURE
        return self._do(os.rename, self._path(oldpath), self._path(newpath))

    def posix_rename(self, oldpath, newpath):
        if "no_posix" in self.peer.trouble:
            return SFTP_OP_UNSUPPORTED
        if "no_move" in self.peer.trouble:
            return SFTP_PERMISSION_DENIED
        return self._do(os.replace, self._path(oldpath), self._path(newpath))

    def _do(self, function, *arguments):
        self._trouble(function.__name__)
        try:
            function(*arguments)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        return paramiko.SFTP_OK


class SftpPeer:
    """The server of a test.

    :ivar trouble: what goes wrong from now on: full, drop, damage, drop_read,
        slow_read, silent, read_only, no_posix, no_move, mute (no word at all)
    :ivar named: names that a listing tells besides the real ones
    :ivar tried: proofs of who logged in, as they came
    :ivar written: paths that were opened for writing
    """

    def __init__(self, root, key, port=0):
        self.root, self.key = Path(root), key
        self.trouble, self.named, self.silence = set(), [], 1.0
        self.tried, self.asked, self.written, self.accepted = [], [], [], set()
        self._open = []
        self._sock = socket.create_server(("127.0.0.1", port))
        self.port = self._sock.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def line(self):
        return f"{self.key.get_name()} {self.key.get_base64()}"

    def _serve(self):
        while True:
            try:
                client, _address = self._sock.accept()
            except OSError:
                return
            self._open.append(client)
            if "mute" not in self.trouble:
                threading.Thread(target=self._talk, args=[client], daemon=True).start()

    def _talk(self, client):
        transport = paramiko.Transport(client)
        transport.set_log_channel("immex_test_sftp")
        transport.add_server_key(self.key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files, self)
        self._open.append(transport)
        try:
            transport.start_server(server=_Server(self))
        except (paramiko.SSHException, EOFError, OSError):
            return  # who came went away

    def hang_up(self):
        for one in self._open:
            one.close()
        self._open.clear()

    def close(self):
        # closing alone would let one more in: a thread is waiting for it
        self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()
        self.hang_up()


@contextmanager
def sftp_peer(key=None):
    """A server with a temporary folder, until the block ends."""
    with tempfile.TemporaryDirectory() as root:
        peer = SftpPeer(root, key or paramiko.ECDSAKey.generate())
        try:
            yield peer
        finally:
            with suppress(OSError):
                peer.close()


def main():
    """Serve a folder until the process is stopped, to try the add-on by hand."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--folder", required=True, type=Path)
    parser.add_argument("--port", type=int, default=2222)
    given = parser.parse_args()
    for name in ("in", "out"):
        (given.folder / name).mkdir(parents=True, exist_ok=True)
    # the same key each time, as a server has it
    kept = given.folder.with_name(given.folder.name + ".key")
    if not kept.exists():
        paramiko.ECDSAKey.generate().write_private_key_file(str(kept))
    key = paramiko.ECDSAKey.from_private_key_file(str(kept))
    SftpPeer(given.folder, key, given.port)
    sys.stdout.write(
        f"127.0.0.1:{given.port}, login {LOGIN}, password {PASSWORD}\n"
        f"public key {key.get_name()} {key.get_base64()}\n"
    )
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
