from .text import clean
from .xlsx import write_xlsx
from .xml import namespace, write_xml
from .xsd import schema

__all__ = ["clean", "namespace", "schema", "write_xlsx", "write_xml"]
