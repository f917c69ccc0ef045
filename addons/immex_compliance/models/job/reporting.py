# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""How work in the background tells how far it is, and hears that it shall stop.

Work calls :func:`report` between its steps; where nobody listens, that does nothing.
"""

from contextlib import contextmanager
from contextvars import ContextVar

_LISTENER = ContextVar("immex_listener", default=None)


class Cancelled(Exception):
    """A person asked the work to stop: whatever it has written is to be undone."""


@contextmanager
def listening(listener):
    """Give what :func:`report` is told to ``listener(done, total, what)``."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def report(done, total, what=""):
    """Tell the progress; raises :class:`Cancelled` where the work shall stop.

    :param done, total: in a unit of the work's own (bytes, steps)
    :param str what: the step, in words
    """
    listener = _LISTENER.get()
    if listener:
        listener(done, total, what)
