# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    test_catalog,
    test_catalog_rules,
    test_catalog_terms,
    test_catalog_update,
    test_engine,
    test_import_folder,
    test_import_m3,
    test_import_parts,
    test_import_refused,
    test_import_upload,
    test_incremental,
    test_invariants,
    test_job,
    test_pedimento_detail,
    test_pedimento_links,
    test_period,
    test_reader,
    test_rectification,
    test_returns,
    test_security,
    test_shop_floor,
    test_simulation,
    test_views,
    test_walk,
)
