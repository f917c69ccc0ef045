from .activo_fijo import ACTIVO_FIJO
from .ajustes import AJUSTES
from .base import Column, Header, Report, Table
from .consumo import CONSUMO
from .datos_generales import DATOS_GENERALES
from .descargos import DESCARGOS
from .desperdicio import DESPERDICIO
from .details import DETAILS, PAGES, Page
from .entradas import ENTRADAS
from .interfases import INTERFASE_ENTRADAS, INTERFASE_SALIDAS
from .materiales import MATERIALES
from .partes import MATERIALES_CATALOGO, PRODUCTOS_CATALOGO
from .registro import REGISTRO
from .saldos import SALDOS
from .salidas import SALIDAS
from .sin_documento import SIN_DOCUMENTO
from .terceros import AGENTES, CLIENTES, PROVEEDORES, SUBMAQUILA
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
        AJUSTES,
        ACTIVO_FIJO,
        INTERFASE_ENTRADAS,
        INTERFASE_SALIDAS,
        DATOS_GENERALES,
        MATERIALES_CATALOGO,
        PRODUCTOS_CATALOGO,
        PROVEEDORES,
        CLIENTES,
        SUBMAQUILA,
        AGENTES,
        CONSUMO,
        REGISTRO,
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
