# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The bills of a proposal: which contributions, at which rate, since when."""

from odoo.tools.translate import LazyTranslate

from . import sources_sql
from .calculation import CC, DTA, EXACT, IGI, VAT, ZERO, Levy, Options, bill

_lt = LazyTranslate(__name__)

SURPLUS = ("over", "undeclared")
LACK = ("short", "not_received")
NO_LEVY = _lt(
    "No rate of contribution %(code)s is in force on %(date)s: enter it under "
    "IMMEX / Configuration / Catalogues / DTA and VAT Rates."
)
MISSING = {
    "index": _lt(
        "The INPC of %(month)s is missing: enter it under IMMEX / Configuration / "
        "Catalogues / Price Index (INPC)."
    ),
    "surcharge": _lt(
        "The surcharge rate of %(month)s is missing: enter it under IMMEX / "
        "Configuration / Catalogues / Surcharge Rates."
    ),
}


class Case:
    """What one computation knows of its proposal."""

    def __init__(self, proposal, facts, declared):
        self.proposal = proposal
        self.customs, self.commercial, self.rate, self.cc, self.partida = facts
        self.rates, self.cash = declared
        self.problems, self.cautions = [], []
        self.since = proposal.start_date if proposal.entry_known else None

    def share(self, amount):
        """Of what the partida paid, the part of these goods, by value."""
        if not self.partida:
            return ZERO
        return EXACT.divide(EXACT.multiply(amount, self.customs), self.partida)


def _options(company):
    return Options(
        company.immex_factor_rounding == "truncate",
        company.immex_last_index,
        company.immex_surcharge_count == "calendar",
        company.immex_surcharge_cap,
        company.immex_vat_on_surcharges,
    )


def correction(case, tables):
    """(bill, duty rate) of the correction; None of a bill that cannot be made."""
    proposal = case.proposal
    if proposal.path == "none":
        return None, None
    if proposal.path == "r1":
        return _bill_r1(case, tables), None
    return bill_a3(case, tables, proposal.igi_source, case.problems)


def _bill_r1(case, tables):
    """A surplus pays what its partida paid in cash, in proportion; a lack pays
    nothing, and what it paid too much is asked for apart."""
    proposal = case.proposal
    levies = []
    if proposal.kind in SURPLUS and proposal.declared:
        pedimento = proposal.pedimento_id.root_id or proposal.pedimento_id
        # the value is in proportion to the quantity, so is what was paid
        levies = [
            Levy(code, "amount", case.share(amount), since=pedimento.payment_date)
            for code, amount in sorted(case.cash.items())
        ]
        case.cautions.append(
            proposal.env._(
                "Contributions of the partida that were paid in cash are taken in "
                "proportion; what was deferred is declared, not paid."
            )
        )
    elif proposal.kind == "undeclared":
        case.cautions.append(
            proposal.env._(
                "The pedimento does not declare this part: its R1 adds a partida, "
                "whose contributions are those of its own regime."
            )
        )
    return _made(case, case.problems, levies, None, tables)


def bill_a3(case, tables, source, problems):
    """(bill, duty rate) of an A3, or of what the authority would claim."""
    proposal = case.proposal
    expired = proposal.path == "a3_2"
    since = proposal.start_date if expired else case.since
    day = since or proposal.payment_date
    if expired and not since:
        problems.append(proposal.env._("The date of import is missing."))
        return None, None
    rate = _duty_rate(case, source, day, problems)
    if rate is None:
        return None, None
    paid = {code: case.share(case.cash.get(code, ZERO)) for code in (IGI, CC)}
    if not expired and proposal.kind not in LACK:
        paid = dict.fromkeys(paid, ZERO)
    levies = [Levy(IGI, "percent", rate, paid[IGI], since=since)]
    if case.cc:
        levies.append(Levy(CC, "percent", case.cc, paid[CC], since=since))
    if not proposal.no_dta:
        levies.append(_levy(case, DTA, since, problems))
    vat = _levy(case, VAT, since, problems)
    if None in (*levies, vat):
        return None, rate
    return _made(case, problems, levies, vat, tables), rate


def _levy(case, code, since, problems):
    """DTA or VAT by its dated rate."""
    proposal = case.proposal
    found = sources_sql.levy_rate(proposal.env.cr, code, proposal.payment_date)
    if found and found[3] and since:
        found = sources_sql.levy_rate(proposal.env.cr, code, since)
    name = proposal.env["immex.contribution"]._lookup(code).abbreviation or code
    if not found:
        text = proposal.env._(NO_LEVY)
        problems.append(text % {"code": name, "date": proposal.payment_date})
        return None
    kind, rate, minimum, back, verified = found
    if not verified:
        case.cautions.append(
            proposal.env._(
                "The rate of contribution %s is not verified with its publication.",
                name,
            )
        )
    return Levy(code, kind, rate, ZERO, minimum, since if back else None)


def _made(case, problems, levies, vat, tables):
    proposal = case.proposal
    made = bill(
        case.customs,
        levies,
        vat,
        tables,
        proposal.payment_date,
        _options(proposal.company_id),
    )
    for table, month in made.missing:
        text = proposal.env._(MISSING[table])
        problems.append(text % {"month": f"{month:%Y-%m}"})
    return None if made.missing else made


def _duty_rate(case, source, day, problems):
    """Duty in percent, by its source; None where nothing exact can be said."""
    proposal = case.proposal
    if source == "manual":
        if not (proposal.rate_note or "").strip():
            problems.append(proposal.env._("Say where the duty rate comes from."))
            return None
        return case.rate
    if source == "declared" and proposal.path == "a3_1":
        problems.append(
            proposal.env._("RGCE 2.5.1 takes the general rate of the tariff.")
        )
        return None
    if source == "declared":
        rate, kind = case.rates.get(IGI, (None, None))
        if rate is None or kind not in ("", "1"):
            problems.append(
                proposal.env._("The partida declares no duty rate in percent.")
            )
            return None
        case.cautions.append(
            proposal.env._(
                "A treaty or PROSEC rate needs its valid proof (RGCE 2.5.2-I)."
            )
        )
        return rate
    return _tariff_rate(case, day, problems)


def _tariff_rate(case, day, problems):
    """The general rate; of a fracción without NICO, where all its NICOs agree."""
    proposal = case.proposal
    domain = [("fraccion", "=", proposal.fraccion or "")]
    if proposal.nico:
        domain.append(("nico", "=", proposal.nico))
    items = proposal.env["immex.tariff.item"].with_context(active_test=False)
    codes = items.search(domain).mapped("code")
    found = set(
        proposal.env["immex.tariff.rate"]._rates_at(codes, "import", day).values()
    )
    rates = {rate for rate, _specific, _verified in found}
    if len(rates) != 1 or None in rates:
        problems.append(
            proposal.env._(
                "No single ad valorem rate of tariff item %(item)s is known on "
                "%(date)s: load it under Duty Rates, or enter it by hand.",
                item=f"{proposal.fraccion or '?'} {proposal.nico or ''}".strip(),
                date=day,
            )
        )
        return None
    if not all(verified for _rate, _specific, verified in found):
        case.cautions.append(
            proposal.env._("The duty rate is not verified with its publication.")
        )
    return rates.pop()
