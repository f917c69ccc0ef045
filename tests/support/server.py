# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo as a separate process: served, or its shell with a script."""

import http.client
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

COMMAND = (sys.executable, "-W", "ignore", "-m", "odoo")


def shell(config, database, script):
    """Run a script in Odoo's shell and return what it printed."""
    done = subprocess.run(
        [*COMMAND, "shell", "-c", config, "-d", database, "--no-http"]
        + ["--log-level", "error"],
        input=script,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@contextmanager
def served(config, database, log, *options):
    """Serve a database on a free port; give the address; the log goes to a file.

    :param options: further ones of the command line, as ``--workers``, ``4``
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*COMMAND, "-c", config, "-d", database, "--http-port", str(port)]
    command += ["--db-filter", f"^{database}$", "--max-cron-threads", "0"]
    command += options
    with open(log, "w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream
        )
        try:
            _wait(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            _stop(process)


def _stop(process):
    """The second signal makes Odoo leave without waiting for its threads."""
    for ask in (process.terminate, process.terminate, process.kill):
        ask()
        try:
            process.wait(3)
            return
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def _wait(process, port, log):
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert process.poll() is None, open(log, encoding="utf-8").read()[-4000:]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/web/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.3)
        finally:
            connection.close()
    raise AssertionError("Odoo did not answer: " + open(log).read()[-4000:])
