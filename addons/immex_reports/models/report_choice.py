# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The list of reports as one chooses from it: by subject, not one long row."""

from ..definitions import REPORTS, SUBJECTS

WIDGET = "immex_report_choice"


def choices():
    """Keys and titles of all reports, as a selection has them."""
    return [
        (code, REPORTS[code].title) for subject in SUBJECTS for code in subject.codes
    ]


def set_subjects(arch, lang):
    """Tell the widgets of a view which reports belong together.

    :param arch: the view, an element; views are kept by language
    """
    subjects = [[subject.name(lang), [*subject.codes]] for subject in SUBJECTS]
    for node in arch.iter("field"):
        if node.get("widget") == WIDGET:
            node.set("options", repr({"subjects": subjects}))
