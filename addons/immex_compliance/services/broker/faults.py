# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What went wrong, as the caller is told it."""

AUTHENTICATION = "Client.Authentication"
VALIDATION = "Client.Validation"
TOO_LARGE = "Client.TooLarge"
RATE_LIMIT = "Client.RateLimit"
OPERATION = "Client.Operation"
MUST_UNDERSTAND = "MustUnderstand"
VERSION = "VersionMismatch"
SERVER = "Server"


class SoapFault(Exception):
    """A fault of SOAP 1.1.

    :param issues: dicts with severity, code, message, line, record, field_number, field
    :param delivery_id: of the delivery that is kept for a look
    """

    def __init__(self, code, text, issues=(), delivery_id=None):
        super().__init__(text)
        self.code, self.text = code, text
        self.issues, self.delivery_id = list(issues), delivery_id

    @property
    def status(self):
        """HTTP status: 500 as SOAP 1.1 has it; 401 makes clients send their key."""
        return 401 if self.code == AUTHENTICATION else 500


def about(field, text):
    """A fault about one element of the request."""
    issue = {"severity": "error", "code": "request", "message": text, "field": field}
    return SoapFault(VALIDATION, text, [issue])
