from .base import Column, Header, Report, Table
from .descargos import DESCARGOS
from .desperdicio import DESPERDICIO
from .details import DETAILS, PAGES, Page
from .entradas import ENTRADAS
from .materiales import MATERIALES
from .saldos import SALDOS
from .salidas import SALIDAS
from .sin_documento import SIN_DOCUMENTO
from .valor import DESCARGOS_VALOR, SALDOS_VALOR

REPORTS = {
    report.code: report
    for report in (
        ENTRADAS,
        SALIDAS,
        SALDOS,
        MATERIALES,
        DESCARGOS,
        SIN_DOCUMENTO,
        DESPERDICIO,
        SALDOS_VALOR,
        DESCARGOS_VALOR,
    )
}

__all__ = [
    "DETAILS",
    "PAGES",
    "REPORTS",
    "Column",
    "Header",
    "Page",
    "Report",
    "Table",
]
