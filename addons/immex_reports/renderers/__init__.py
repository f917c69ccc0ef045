from .xlsx import write_xlsx
from .xml import write_xml
from .xsd import schema

__all__ = ["schema", "write_xlsx", "write_xml"]
