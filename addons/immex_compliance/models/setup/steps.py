# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The steps of the setup assistant: what each is, and what its figures say in words."""

from dataclasses import dataclass

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

DONE, ATTENTION, TODO, NONE = "done", "attention", "todo", "none"


@dataclass(frozen=True)
class Step:
    """A step of the path.

    :param label: what is to be settled
    :param why: what to do, and why
    :param button: label of the button that leads there
    :param told: words for each state; ``%(count)s``, ``%(total)s``, ``%(share)s``,
        ``%(text)s``
    :param needs: steps without which this one cannot begin
    :param by_person: a person confirms it, since no figure can
    """

    label: object
    why: object
    button: object
    told: dict
    needs: tuple = ()
    by_person: bool = False


STEPS = {
    "programme": Step(
        _lt("Programme and RFC"),
        _lt(
            "Number and dates of the IMMEX authorisation, and the RFC of the company: "
            "they stand on every official report."
        ),
        _lt("Enter Them"),
        {
            TODO: _lt("No IMMEX programme is entered."),
            ATTENTION: _lt("%(text)s"),
            DONE: _lt("IMMEX %(text)s"),
        },
    ),
    "addresses": Step(
        _lt("Addresses"),
        _lt(
            "Each warehouse that moved goods and each sub-manufacturer is a site of "
            "the programme. The button proposes those that are missing."
        ),
        _lt("Sites"),
        {
            TODO: _lt("No site is entered. Needed: %(total)s."),
            ATTENTION: _lt("%(text)s"),
            DONE: _lt("Sites: %(count)s."),
        },
        needs=("programme",),
    ),
    "documents": Step(
        _lt("Past pedimentos"),
        _lt(
            "Load the Data Stage zips of all years (or the broker's files); then "
            "record their pedimentos. Of stock whose pedimentos are in no file any "
            "more, enter initial balances."
        ),
        _lt("Load and Record"),
        {
            TODO: _lt("No pedimento is here yet."),
            ATTENTION: _lt("%(text)s"),
            DONE: _lt("Pedimentos: %(count)s, %(text)s."),
        },
        needs=("programme",),
    ),
    "parts": Step(
        _lt("Products of the part codes"),
        _lt(
            "The broker spells codes in his own way. Read the proposals, correct what "
            "is wrong, and confirm many at once."
        ),
        _lt("Part Codes"),
        {
            TODO: _lt("Proposals are not made yet; the button makes them."),
            ATTENTION: _lt("Codes to be confirmed: %(count)s of %(total)s."),
            DONE: _lt("Codes settled: %(total)s."),
            NONE: _lt("Not needed: every pedimento came by the initial balances."),
        },
        needs=("documents",),
    ),
    "units": Step(
        _lt("Units and factors"),
        _lt(
            "Customs counts in its own units (UMC). Codes whose declared quantity is "
            "far from what moved in Odoo mostly have a wrong factor or product."
        ),
        _lt("Check Them"),
        {
            TODO: _lt("Confirm part codes first."),
            ATTENTION: _lt("%(text)s"),
            DONE: _lt("Every partida has its quantity in the product's unit."),
            NONE: _lt("Not needed: every pedimento came by the initial balances."),
        },
        needs=("parts",),
    ),
    "status": Step(
        _lt("What is temporary"),
        _lt(
            "Which unmarked stock is temporary is a policy of the company; locations "
            "and lots may say otherwise. Choose, then confirm."
        ),
        _lt("Policy"),
        {
            TODO: _lt("Not confirmed. %(text)s"),
            DONE: _lt("%(text)s"),
        },
        needs=("programme",),
        by_person=True,
    ),
    "transfers": Step(
        _lt("Receipts and deliveries"),
        _lt(
            "Each past receipt and delivery gets the pedimento under which it crossed. "
            "Without it a delivery discharges nothing."
        ),
        _lt("Transfers"),
        {
            TODO: _lt("Proposals are not made yet; the button makes them."),
            ATTENTION: _lt("Transfers to be confirmed: %(count)s of %(total)s."),
            DONE: _lt("Transfers settled: %(total)s."),
        },
        needs=("parts",),
    ),
    "opening": Step(
        _lt("Initial balances"),
        _lt(
            "Needed where the history here does not begin at zero: temporary stock "
            "that is older than the first pedimento. The button begins them from what "
            "was on hand."
        ),
        _lt("Initial Balances"),
        {
            TODO: _lt("Settle the part codes first."),
            ATTENTION: _lt("%(text)s"),
            DONE: _lt("Posted, as of %(text)s."),
            NONE: _lt("Not needed: nothing was on hand before the first pedimento."),
        },
        needs=("parts",),
    ),
    "discharge": Step(
        _lt("First discharge"),
        _lt("Computes layers, exits and discharges of the whole history."),
        _lt("Run It"),
        {
            TODO: _lt("It has not run yet."),
            ATTENTION: _lt("%(text)s"),
            DONE: _lt("Nothing changed since the run of %(text)s."),
        },
        needs=("parts", "transfers", "status"),
    ),
    "reconciliation": Step(
        _lt("Against Data Stage"),
        _lt("Compares the books with what customs has, and lists what differs."),
        _lt("Compare"),
        {
            TODO: _lt("Not compared since the last run."),
            ATTENTION: _lt("Open differences: %(count)s (%(share)s %% agree)."),
            DONE: _lt("%(share)s %% agree or are explained."),
            NONE: _lt("No Data Stage file is loaded: there is nothing to compare."),
        },
        needs=("discharge",),
    ),
    "stock": Step(
        _lt("Against Odoo's stock"),
        _lt(
            "Compares the customs balance of each part with what is on hand, in "
            "production and in products."
        ),
        _lt("Compare"),
        {
            TODO: _lt("Not compared since the last run."),
            ATTENTION: _lt("Parts unexplained: %(count)s of %(total)s."),
            DONE: _lt("Every difference is accounted for. Parts: %(total)s."),
        },
        needs=("discharge",),
    ),
    "balance": Step(
        _lt("Your first true balance"),
        _lt("What is left of the temporary imports, and what is short."),
        _lt("Balance"),
        {
            TODO: _lt("It comes with the first discharge."),
            ATTENTION: _lt("%(text)s"),
            DONE: _lt("%(text)s"),
        },
        needs=("discharge",),
    ),
}
SEQUENCE = {code: number for number, code in enumerate(STEPS, start=1)}
