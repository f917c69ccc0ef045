# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Cases of the deck that were written by hand: import adds them to ``book.CASES``."""

from . import corrections, exits, imports, production, statuses  # noqa: F401
from .book import CASES  # noqa: F401
