# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the kernel raises: always a ``PepsError``, so a caller catches one class."""


class PepsError(Exception):
    """The kernel cannot answer; nothing was added to the result table."""


class PepsInputError(PepsError, ValueError):
    """A table given to the kernel has not the promised shape or content."""


class PepsCycleError(PepsError):
    """Production layers consume each other in a circle.

    :ivar nodes: sorted tuple of the ids of nodes on a circle, or between two circles
    """

    def __init__(self, message, nodes):
        super().__init__(message)
        self.nodes = tuple(sorted(nodes))
