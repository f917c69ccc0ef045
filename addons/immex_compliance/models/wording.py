# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Words that go with a count."""


def by_count(count, *forms):
    """Return the form that goes with a count: the first with one, the last with any
    other number, none included. So it is in English and in Spanish.

    :param forms: texts, singular and plural; one alone stands for both
    """
    return forms[0] if count == 1 else forms[-1]
