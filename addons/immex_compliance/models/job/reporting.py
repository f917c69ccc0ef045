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
    """Give what :func:`report` is told to ``listener(done, total, what)``.

    Work that counts its rows tells them as a fourth argument.
    """
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def report(done, total, what="", rows=None):
    """Tell the progress; raises :class:`Cancelled` where the work shall stop.

    :param done, total: in a unit of the work's own (bytes, steps)
    :param str what: the step, in words
    :param rows: rows handled so far, where the work counts them
    """
    listener = _LISTENER.get()
    if listener:
        told = (done, total, what) if rows is None else (done, total, what, rows)
        listener(*told)
