# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the law says of each way out, in words."""

LEGAL = {
    "rt": "LA 108, 111, 183-II; RLA 176",
    "v1": "LA 112; RLA 166; RGCE 1.6.10, 4.3.21",
    "f4": "LA 109, 110; RLA 140; RGCE 1.6.8, 1.6.10; Anexo 22, Apéndice 2",
    "destruction": "LA 2-XII, 109; RLA 142; RGCE 4.3.5",
    "a3": "LA 101; RGCE 2.5.2; CFF 17-A, 21",
    "idle": "LA 108, 182-II, 183-III, 183-A",
}
APART = ("fixed_asset", "container")  # LA 108-II and III


def reasons(line):
    """Sentences of a way out: what is unknown of its cost, why it is open or not, and
    what its cost leaves out."""
    out = line.way_out_id
    priced = line.state != "closed"
    if priced and line.total_max is False:
        yield line.env._(
            "UNKNOWN: %s. Enter it below; there is no total.",
            out.missing_text or line.env._("fine"),
        )
    yield from _WAYS[line.way](line, out)
    if priced and line.way in ("f4", "a3", "idle"):
        yield from _rates(line, out)


def _return(line, out):
    if line.state == "late":
        yield line.env._(
            "Past its term: it can still return of its own accord, with the fine of "
            "art. 183-II for each fifteen days or fraction, at most the value."
        )
    else:
        yield line.env._(
            "It has to leave the country before the term ends; no duty is due."
        )
    yield line.env._("In the state in which it came, the pedimento has to say why.")
    yield line.env._("Freight and broker's fees are not counted.")


def _transfer(line, out):
    if line.state == "late":
        yield line.env._(
            "Past its term: a late transfer is accepted only within the original term "
            "(RGCE 4.3.21-I-a-1); afterwards it is a late return, with its fine."
        )
    if out.goods_class in APART:
        yield line.env._("Assets and containers may be transferred as they came.")
    elif out.services:
        yield line.env._(
            "A services programme may transfer it in the state in which it came."
        )
    else:
        yield line.env._(
            "Only inside products made of it: goods of art. 108-I are not transferred "
            "in the state in which they came, but by a services programme."
        )
    if line.state != "late":
        yield line.env._(
            "The receiver's pedimento is paid on the day of the transfer, yours on the "
            "next one at the latest."
        )


def _regime(line, out):
    if line.state == "closed":
        yield line.env._(
            "Past its term: F4 and F5 are for unexpired goods only; see A3."
        )
        return
    if out.goods_class == "container":
        yield line.env._(
            "Appendix 2 names inputs (F4) and fixed assets (F5), not containers: ask "
            "the authority."
        )
    if out.goods_class == "fixed_asset":
        yield line.env._(
            "F5. Its value may be lowered by the days of stay (RGCE 1.6.10); the days "
            "of its deduction and the share sold in Mexico are not recorded, so this "
            "is the highest cost."
        )
    yield line.env._(
        "Duty updated since the month of import; no surcharges and no fine."
    )
    yield line.env._("Non-tariff restrictions of the day of the change apply.")


def _destruction(line, out):
    if out.expired:
        yield line.env._(
            "Past its term the goods are illegally in the country: see A3."
        )
        return
    if line.state == "closed":
        yield line.env._(
            "Too late for a new notice: it comes thirty days before the destruction, "
            "and the term ends before. One sent in time still serves."
        )
    else:
        yield line.env._(
            "Notice thirty days before, then an act that names the pedimentos."
        )
    if out.goods_class != "waste":
        yield line.env._(
            "Only waste, rejected products, packaging and obsolete or unusable goods."
        )
    if line.state != "closed":
        yield line.env._(
            "No duty is due; what the destruction itself costs is not counted."
        )


def _regularization(line, out):
    if line.state == "closed":
        yield line.env._(
            "Within its term: RGCE 2.5.2 is for expired goods; see F4 and RT."
        )
        return
    yield line.env._(
        "Definitive import with update and surcharges since the month of import, on "
        "the customs value of the pedimento. No fine while it is spontaneous; the "
        "highest is with an audit that has begun."
    )


def _idle(line, out):
    if out.expired:
        yield line.env._(
            "Illegally in the country since its term ended: contributions, the fine "
            "and perhaps forfeiture, if the authority finds it."
        )
    else:
        yield line.env._(
            "What would be claimed if it stays past its term and the authority finds "
            "it, with the figures of this day."
        )


def _rates(line, out):
    if out.rate_source == "declared":
        yield line.env._("A treaty or PROSEC rate needs its valid proof.")
    if not out.cc_known and not out.used_cc_rate:
        yield line.env._(
            "The import declared no countervailing duty: check what is in force today."
        )


_WAYS = {
    "rt": _return,
    "v1": _transfer,
    "f4": _regime,
    "destruction": _destruction,
    "a3": _regularization,
    "idle": _idle,
}
