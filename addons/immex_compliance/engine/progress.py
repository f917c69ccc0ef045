# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""How far a run is: its stage, and the rows that its statements have handled."""

# What a run tells of its progress: stages, in their order.
STEPS = 9


class Progress:
    """Passes on what the stages tell; ``ctx["progress"]`` of a run.

    :param report: called with (stages done, stages in all, name of the stage, rows
        handled so far) at every stage and after every statement; what it raises ends
        the run
    """

    def __init__(self, report=None):
        self.report = report or (lambda *progress: None)
        self.done = 0
        self.base = 0
        self.total = STEPS
        self.name = ""
        self.rows = 0

    def stage(self, number, name):
        """Stage ``number`` (from 0) of a computation begins."""
        self.done = self.base + number
        self.name = name
        self._tell()

    def once_more(self):
        """The stages are computed a second time (closed periods)."""
        self.base = STEPS
        self.total = 2 * STEPS

    def add(self, rows):
        """A statement has read or written so many rows."""
        self.rows += max(rows, 0)
        self._tell()

    def _tell(self):
        self.report(self.done, self.total, self.name, self.rows)
