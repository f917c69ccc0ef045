# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The steps of a month-end: what each is, and what its figures say in words."""

from dataclasses import dataclass

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

MACHINE, PERSON = "machine", "person"


@dataclass(frozen=True)
class Step:
    """A step of the checklist.

    :param label: what is to be true
    :param why: what to do where it is not
    :param by: MACHINE (checked) or PERSON (confirmed)
    :param blocks: the month is not closed while it is open
    :param fine: words where it is in order; ``%(count)s``, ``%(share)s``. Two forms
        where they go with a count: of one, of more
    :param wrong: words where it is not
    :param missing: words where it is not, and there is nothing to count
    """

    label: object
    why: object
    by: str = MACHINE
    blocks: bool = True
    fine: object = ""
    wrong: object = ""
    missing: object = ""


STEPS = {
    "former": Step(
        _lt("The month before is closed"),
        _lt("Close the months in their order, each with its own checklist."),
        blocks=False,
        fine=_lt("Closed and sealed."),
        wrong=_lt("It is open: this close seals it as well."),
    ),
    "documents": Step(
        _lt("Every document of the month is here"),
        _lt(
            "Ask brokers and suppliers for what is missing: pedimentos, remesas, part "
            "files, constancias. Then confirm."
        ),
        by=PERSON,
    ),
    "counts": Step(
        _lt("Consumption of the month is ratified"),
        _lt(
            "Fill in the counts of the month, explain their differences and ratify "
            "them (Inventory > Period Consumption)."
        ),
        fine=(_lt("1 document ratified."), _lt("%(count)s documents ratified.")),
        wrong=(_lt("1 document is a draft."), _lt("%(count)s documents are drafts.")),
        missing=_lt("No document of the month is ratified."),
    ),
    "discharge": Step(
        _lt("Everything was discharged after the last fact"),
        _lt("Run the discharge with everything computed again, after the month ended."),
        fine=_lt("Nothing changed since the last run."),
        wrong=(
            _lt("1 fact changed since the last run."),
            _lt("%(count)s facts changed since the last run."),
        ),
        missing=_lt("Not everything was computed again after the month ended."),
    ),
    "findings": Step(
        _lt("No other critical finding is open"),
        _lt("Settle each finding, or explain it, up to the last day of the month."),
        fine=_lt("None is open."),
        wrong=(
            _lt("1 critical finding is open."),
            _lt("%(count)s critical findings are open."),
        ),
    ),
    "waiting": Step(
        _lt("No exit waits for its customs document"),
        _lt("Load or write the pedimento of each delivery, or file F4 or V5."),
        fine=_lt("Every exit has its document."),
        wrong=(
            _lt("1 delivery without a customs document."),
            _lt("%(count)s deliveries without a customs document."),
        ),
    ),
    "late": Step(
        _lt("Pedimentos were recorded in time"),
        _lt(
            "Anexo 24 gives hours from the end of clearance. What came late stays so: "
            "write why in the note, and confirm."
        ),
        blocks=False,
        fine=_lt("None came late."),
        wrong=(
            _lt("1 pedimento came after the hours of the settings."),
            _lt("%(count)s pedimentos came after the hours of the settings."),
        ),
    ),
    "reconciliation": Step(
        _lt("The month agrees with Data Stage"),
        _lt("Load Data Stage of the month, compare, and settle what differs."),
        fine=_lt("%(share)s %% agree or are explained."),
        wrong=(
            _lt("1 difference is open (%(share)s %% agree or are explained)."),
            _lt(
                "%(count)s differences are open (%(share)s %% agree or are explained)."
            ),
        ),
        missing=_lt(
            "Not compared after the month ended, or Data Stage does not cover it."
        ),
    ),
    "stock": Step(
        _lt("The customs balance agrees with the stock"),
        _lt("Compare the balance at the last day of the month; explain each part."),
        fine=_lt("Every difference is explained."),
        wrong=(
            _lt("1 part is unexplained."),
            _lt("%(count)s parts are unexplained."),
        ),
        missing=_lt("Not compared at the last day, after the month ended."),
    ),
    "scccyg": Step(
        _lt("SCCCyG reports due this month were sent"),
        _lt("Compute, write and transmit the reports of the period before."),
        fine=(_lt("1 sent."), _lt("%(count)s sent.")),
        wrong=(_lt("1 was not sent."), _lt("%(count)s were not sent.")),
        missing=_lt("None was made."),
    ),
    "reports": Step(
        _lt("Reports of the month are made and kept"),
        _lt(
            "Made after the close they bear its seal. The button makes those that "
            "are missing and keeps their files."
        ),
        blocks=False,
        fine=_lt("All are kept."),
        wrong=(_lt("1 report is missing."), _lt("%(count)s reports are missing.")),
    ),
    "review": Step(
        _lt("Balances, shortages and expiry were reviewed"),
        _lt(
            "Look at the home page and at the balances by pedimento as of the last "
            "day. Then confirm."
        ),
        by=PERSON,
    ),
}
SEQUENCE = {code: number for number, code in enumerate(STEPS, start=1)}
