# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    abstract_cove_source,
    abstract_signed_document,
    abstract_signed_outcome,
    account_move,
    immex_cove,
    immex_cove_line,
    immex_edocument,
    immex_efirma,
    immex_efirma_signing,
    immex_pedimento_invoice,
    immex_unit,
    stock_picking,
    uom_uom,
)
