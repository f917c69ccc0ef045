# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One process of tests: its output shown as it comes, its end judged."""

import re
import subprocess
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor

from .paths import ROOT

_SHOW = threading.Lock()
_RAN = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
# what pytest returns when it selected no test
NOTHING_SELECTED = 5


class Suite:
    """A command under a name.

    :param judge: takes the return code and the last lines; returns a complaint or ""
    """

    def __init__(self, name, command, environment, judge):
        self.name, self.environment, self.judge = name, environment, judge
        self.command = [str(part) for part in command]
        self.complaint = "did not run"

    def run(self):
        start = time.monotonic()
        self._say("starts")
        last = deque(maxlen=200)
        with subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            for line in process.stdout:
                last.append(line)
                self._say(line.rstrip())
        self.complaint = self.judge(process.returncode, list(last))
        verdict = self.complaint or "passed"
        self._say(f"{verdict}, {time.monotonic() - start:.0f} s")

    def _say(self, text):
        with _SHOW:
            print(f"[{self.name}] {text}", flush=True)


def pytest_judge(may_be_empty=False):
    """pytest's return code is enough, but for a selection that leaves nothing."""

    def judge(code, _lines):
        if code == NOTHING_SELECTED:
            return "" if may_be_empty else "no test was found"
        return f"failed ({code})" if code else ""

    return judge


def odoo_judge(code, lines):
    """Odoo's runner must end well and say that it ran tests."""
    if code:
        return f"failed ({code})"
    found = [_RAN.search(line) for line in lines]
    ran = [tuple(map(int, match.groups())) for match in found if match]
    if not ran or not ran[-1][2]:
        return "no test was run"
    failed, errors, _number = ran[-1]
    return f"{failed} failed, {errors} errors" if failed or errors else ""


def run_suites(suites, workers=2):
    """Run suites, ``workers`` at a time; return those that failed."""
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(suite.run) for suite in suites]:
            done.result()
    return [suite for suite in suites if suite.complaint]
