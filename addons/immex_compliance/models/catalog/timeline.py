# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the update of a dated catalogue did, and the SQL that keeps it consistent."""

from dataclasses import dataclass, field

REPORT_LINES = 1_000


@dataclass
class UpdateResult:
    """Counts of rows, and the first changes as (change, code, text)."""

    added: int = 0
    corrected: int = 0
    closed: int = 0
    unchanged: int = 0
    changes: list = field(default_factory=list)

    def note(self, change, rows):
        """Count ``rows`` of (code, text) as ``change`` and keep the first ones."""
        setattr(self, change, getattr(self, change) + len(rows))
        room = REPORT_LINES - len(self.changes)
        self.changes += [(change, code, text) for code, text in rows[:room]]


# One series per code: an entry ends at the latest the day before the next one starts.
CLOSE = """
UPDATE {table} r
   SET valid_to = s.last_day, write_uid = %(uid)s,
       write_date = now() AT TIME ZONE 'UTC'
  FROM (
      SELECT x.id,
             lead(x.valid_from) OVER (
                 PARTITION BY {series} ORDER BY x.valid_from NULLS FIRST, x.id) - 1
                 AS last_day
        FROM {table} x {join}
       WHERE {touched}
  ) s
 WHERE s.id = r.id AND s.last_day IS NOT NULL
   AND (r.valid_to IS NULL OR r.valid_to > s.last_day)
RETURNING r.id
"""
