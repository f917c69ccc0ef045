# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    broker,
    pedimento_xml,
    reconciliation,
    regularization,
    scccyg,
    upload,
)
