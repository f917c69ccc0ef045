# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What looks after work: writes its progress, hears that it shall stop.

A thread of its own, on a connection of its own, since one statement of the work may
take minutes. A statement under way is cancelled in the database: the work's transaction
is undone, as after any error.
"""

import logging
import time
from contextlib import contextmanager
from threading import Event, Thread

import psycopg2

from .reporting import Cancelled

_logger = logging.getLogger(__name__)

BEAT = 2.0  # seconds between two signs of life

SIGN = """
UPDATE immex_job
   SET heartbeat = now() AT TIME ZONE 'UTC',
       stage_at = CASE WHEN %(step)s IS DISTINCT FROM step
                       THEN now() AT TIME ZONE 'UTC' ELSE stage_at END,
       done = COALESCE(%(done)s, done), total = COALESCE(%(total)s, total),
       step = COALESCE(%(step)s, step), rows = COALESCE(%(rows)s, rows)
 WHERE id = %(job)s
RETURNING cancel_asked
"""


class Watch:
    """Listens to the work of one job (see ``reporting.report``)."""

    def __init__(self, pool, job_id):
        self.pool = pool
        self.job_id = job_id
        self.asked = False
        self.state = {"done": None, "total": None, "step": None, "rows": None}
        self.seconds = {}  # of each stage
        self._stage = None
        self._since = None

    def __call__(self, done, total, what="", rows=None):
        if self.asked:
            raise Cancelled
        if what and (self._stage is None or done != self._stage):
            self._close_stage()
            self._stage = done
        self.state = {
            "done": done,
            "total": total,
            "step": what or None,
            "rows": rows,
        }

    def _close_stage(self):
        now = time.monotonic()
        if self._stage is not None:
            key = str(int(self._stage))
            self.seconds[key] = self.seconds.get(key, 0) + round(now - self._since, 2)
        self._since = now

    def values(self):
        """What the job keeps of work that ended well."""
        self._close_stage()
        self._stage = None
        values = {"stage_seconds": self.seconds} if self.seconds else {}
        if self.state["rows"] is not None:
            values["rows"] = self.state["rows"]
        return values

    @contextmanager
    def over(self, cr):
        """Watch what ``cr`` does, until this ends; the caller commits afterwards."""
        stop = Event()
        thread = Thread(
            target=self._look, args=(cr._cnx, stop), name="immex watch", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _look(self, connection, stop):
        while not stop.wait(BEAT):
            try:
                with self.pool.cursor() as cr:
                    cr.execute(SIGN, {**self.state, "job": self.job_id})
                    row = cr.fetchone()
                self.asked = self.asked or not row or bool(row[0])
            except psycopg2.Error:
                # somebody else wrote the row in this moment: next time
                _logger.debug("IMMEX job %s: no sign of life", self.job_id)
            if self.asked and not stop.is_set():
                connection.cancel()
