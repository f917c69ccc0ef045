from .base import Column, Header, Report
from .descargos import DESCARGOS
from .entradas import ENTRADAS
from .materiales import MATERIALES
from .saldos import SALDOS
from .salidas import SALIDAS
from .sin_documento import SIN_DOCUMENTO

REPORTS = {
    report.code: report
    for report in (ENTRADAS, SALIDAS, SALDOS, MATERIALES, DESCARGOS, SIN_DOCUMENTO)
}

__all__ = ["REPORTS", "Column", "Header", "Report"]
