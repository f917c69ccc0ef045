# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_goods_link,
    immex_pedimento,
    immex_pedimento_complementary,
    immex_pedimento_consolidated,
    immex_pedimento_contribution,
    immex_pedimento_date,
    immex_pedimento_file,
    immex_pedimento_file_issue,
    immex_pedimento_file_load,
    immex_pedimento_goods,
    immex_pedimento_identifier,
    immex_pedimento_invoice,
    immex_pedimento_observation,
    immex_pedimento_partida,
    immex_pedimento_permit,
    immex_pedimento_record,
    immex_pedimento_reference,
    immex_pedimento_reserve,
    immex_pedimento_walk,
    immex_remesa,
    immex_remesa_line,
    immex_remesa_link,
)
