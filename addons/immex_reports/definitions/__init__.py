from .activo_fijo import ACTIVO_FIJO
from .ajustes import AJUSTES
from .anexo30 import ANEXO30_CARGOS, ANEXO30_DETALLE, ANEXO30_RESUMEN
from .anexo30_hoja import ANEXO30
from .base import Column, Header, Report, Table
from .catalogo_activo import ACTIVO_CATALOGO
from .consumo import CONSUMO
from .datos_generales import DATOS_GENERALES
from .descargos import DESCARGOS
from .desperdicio import DESPERDICIO
from .details import DETAILS, PAGES, Page
from .entradas import ENTRADAS
from .interfases import INTERFASE_ENTRADAS, INTERFASE_SALIDAS
from .manufactura import DESENSAMBLE, INTERFASE_MANUFACTURA
from .materiales import MATERIALES
from .partes import MATERIALES_CATALOGO, PRODUCTOS_CATALOGO
from .registro import REGISTRO
from .saldos import SALDOS
from .saldos_conocidos import SALDOS_CONOCIDOS
from .salidas import SALIDAS
from .sin_documento import SIN_DOCUMENTO
from .subjects import SUBJECTS
from .terceros import AGENTES, CLIENTES, PROVEEDORES, SUBMAQUILA
from .valor import DESCARGOS_VALOR, SALDOS_VALOR
from .vencimientos import VENCIMIENTOS, VENCIMIENTOS_DIA, VENCIMIENTOS_MES

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
        INTERFASE_MANUFACTURA,
        DESENSAMBLE,
        ACTIVO_CATALOGO,
        ANEXO30,
        ANEXO30_CARGOS,
        ANEXO30_RESUMEN,
        ANEXO30_DETALLE,
        VENCIMIENTOS,
        VENCIMIENTOS_MES,
        VENCIMIENTOS_DIA,
        SALDOS_CONOCIDOS,
    )
}

__all__ = [
    "DETAILS",
    "PAGES",
    "REPORTS",
    "SUBJECTS",
    "Column",
    "Header",
    "Page",
    "Report",
    "Table",
]
