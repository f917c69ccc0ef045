from . import test_authority, test_remesas, test_reports
