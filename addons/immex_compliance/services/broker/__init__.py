# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The service that a customs broker's system calls: SOAP 1.1, document/literal."""
