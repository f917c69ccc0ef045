from . import test_authority
from . import test_reports
