# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the law says of a correction."""


def grounds(proposal):
    """What the law says of the correction, a sentence a line."""
    if proposal.path == "r1":
        yield proposal.env._(
            "Rectification after the selection mechanism: Customs Law, art. 89; "
            "RGCE 6.1.1. No fine is imposed while it is spontaneous."
        )
        if proposal.authorization_waived:
            yield proposal.env._(
                "An undue payment in cash is rectified without authorisation "
                "within the first three months: OEA, RGCE 7.3.3-II."
            )
        elif proposal.needs_authorization:
            yield proposal.env._(
                "AUTHORISATION IS NEEDED, once only, from ACAJACE (form A8): the "
                "pedimento shows a payment in cash that becomes undue (RGCE "
                "6.1.1-I)."
            )
    elif proposal.path == "a3_1":
        yield proposal.env._(
            "Definitive import of goods without documents: Customs Law, art. 101; "
            "RGCE 2.5.1. General rate of the date of entry; no treaty, PROSEC nor "
            "border rate, no customs account."
        )
    elif proposal.path == "a3_2":
        yield proposal.env._(
            "Definitive import of temporary imports past their term: Customs Law, "
            "art. 101; RGCE 2.5.2. Customs value of the import pedimento; a treaty "
            "rate with valid proof of origin, or PROSEC, is allowed."
        )
    elif proposal.path == "none":
        yield proposal.env._(
            "While the authority reviews, the pedimento is not rectified (Customs "
            "Law, art. 89): answer in the proceeding. A company's term for R1, or "
            "the lack of a pedimento, closes it too."
        )
    if proposal.path in ("a3_1", "a3_2") and proposal.audit == "audit":
        yield proposal.env._(
            "Tell the reviewing authority by letter before the final record, the "
            "letter of observations or the resolution; then there are twenty days "
            "to file, and the fine is paid."
        )
