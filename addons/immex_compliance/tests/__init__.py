# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import test_engine
from . import test_invariants
from . import test_pedimento_detail
from . import test_pedimento_links
from . import test_import_folder
from . import test_import_m3
from . import test_import_parts
from . import test_import_upload
from . import test_import_refused
from . import test_catalog
from . import test_catalog_rules
from . import test_catalog_terms
from . import test_catalog_update
