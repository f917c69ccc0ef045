# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_datastage_contribution,
    immex_datastage_date,
    immex_datastage_identifier,
    immex_datastage_invoice,
    immex_datastage_partida,
    immex_datastage_pedimento,
    immex_datastage_record,
    immex_datastage_reference,
)
