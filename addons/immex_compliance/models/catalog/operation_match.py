# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Which operation rule fits a document best: pure, on plain values."""

from typing import NamedTuple


class Rule(NamedTuple):
    """The deciding part of an operation rule; empty strings fit everything."""

    id: int
    key: str
    operation_type: str
    case: str
    regime: str
    identifier: str
    complement: str
    sequence: int
    valid_from: object
    valid_to: object

    def specificity(self):
        """Lower is more specific: case, complement, identifier, regime, then the
        sequence; the id only makes the order total."""
        return (
            not self.case,
            not self.complement,
            not self.identifier,
            not self.regime,
            self.sequence,
            self.id,
        )

    def fits(self, case, identifiers, date, regime):
        """Whether the rule covers a document of its key and operation type."""
        if date and (
            (self.valid_from and date < self.valid_from)
            or (self.valid_to and date > self.valid_to)
        ):
            return False
        if self.case and self.case != case:
            return False
        if self.regime and regime and self.regime != regime:
            return False
        return not self.identifier or any(
            code == self.identifier
            and (not self.complement or self.complement in map(_text, complements))
            for code, complements in identifiers
        )


def _text(value):
    return (value or "").strip().upper()


def best_rule(
    rules, key, operation_type, case=None, identifiers=(), date=None, regime=None
):
    """Return the rule of ``rules`` that fits best, or None.

    :param key: key of the pedimento, Appendix 2
    :param operation_type: '1' import, '2' export
    :param case: assumption of Appendix 2, a roman numeral; empty where unknown: only
        rules for every case fit
    :param identifiers: (code, (complement, ...)) of the pedimento, Appendix 8
    :param date: date that decides which rules are in force; None: all
    :param regime: Appendix 16; empty where unknown: rules of any regime fit
    """
    identifiers = [(_text(code), complements) for code, complements in identifiers]
    fitting = (
        rule
        for rule in rules
        if rule.key == key
        and rule.operation_type == operation_type
        and rule.fits(_text(case), identifiers, date, regime)
    )
    return min(fitting, key=Rule.specificity, default=None)
