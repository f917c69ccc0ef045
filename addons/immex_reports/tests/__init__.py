from . import test_authority, test_reports
