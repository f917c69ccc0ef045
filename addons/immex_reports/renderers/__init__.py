from .pdf import TooManyRows, Words, limited, write_pdf
from .text import clean
from .xlsx import write_xlsx
from .xml import namespace, write_xml
from .xsd import schema

__all__ = [
    "TooManyRows",
    "Words",
    "clean",
    "limited",
    "namespace",
    "schema",
    "write_pdf",
    "write_xlsx",
    "write_xml",
]
