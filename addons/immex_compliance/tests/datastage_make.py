# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The Data Stage file that customs would give of the pedimentos of a broker's file."""

import io
from decimal import Decimal

from ..formats.datastage import TABLES, DataStageWriter
from ..formats.m3 import M3Reader

# table -> its columns behind the key, by the names of the M3 layout; dates marked @
COLUMNS = {
    "501": """TipoOperacion=tipo_operacion ClaveDocumento=clave
        SeccionAduaneraEntrada=aduana_seccion_es CurpContribuyente=curp Rfc=rfc
        CurpAgenteA=curp_agente TipoCambio=tipo_cambio TotalFletes=fletes
        TotalSeguros=seguros TotalEmbalajes=embalajes
        TotalIncrementables=otros_incrementables TotalDeducibles=otros_decrementables
        PesoBrutoMercancia=peso_bruto MedioTransporteSalida=transporte_salida
        MedioTransporteArribo=transporte_arribo
        MedioTransporteEntrada_Salida=transporte_es DestinoMercancia=destino
        NombreContribuyente=nombre""",
    "505": """FechaFacturacion=@fecha NumeroFactura=numero TerminoFacturacion=termino
        MonedaFacturacion=moneda ValorDolares=valor_dolares
        ValorMonedaExtranjera=valor_moneda PaisFacturacion=pais
        EntidadFedFacturacion=entidad IndentFiscalProveedor=identificacion
        ProveedorMercancia=nombre CalleProveedor=calle NumInteriorProveedor=interior
        NumExteriorProveedor=exterior CpProveedor=codigo_postal
        MunicipioProveedor=municipio""",
    "506": "TipoFecha=tipo FechaOperacion=@fecha",
    "507": """ClaveCaso=clave IdentificadorCaso=complemento1
        ComplementoCaso=complemento2""",
    "509": "ClaveContribucion=contribucion TasaContribucion=tasa TipoTasa=tipo_tasa",
    "510": "ClaveContribucion=contribucion FormaPago=forma_pago ImportePago=importe",
    "511": "SecuenciaObservacion=secuencia Observaciones=observaciones",
    "512": """PatenteAduanalOrig=patente_original PedimentoOriginal=pedimento_original
        SeccionAduaneraDespOrig=aduana_original DocumentoOriginal=clave_original
        FechaOperacionOrig=@fecha_original FraccionOriginal=fraccion UnidadMedida=unidad
        MercanciaDescargada=cantidad""",
    "551": """Fraccion=fraccion SecuenciaFraccion=partida SubdivisionFraccion=nico
        DescripcionMercancia=descripcion PrecioUnitario=precio_unitario
        ValorAduana=valor_aduana ValorComercial=valor_comercial
        ValorDolares=valor_dolares CantidadUMComercial=cantidad_umc
        UnidadMedidaComercial=umc CantidadUMTarifa=cantidad_umt UnidadMedidaTarifa=umt
        ValorAgregado=valor_agregado ClaveVinculacion=vinculacion
        MetodoValorizacion=metodo_valoracion CodigoMercanciaProducto=codigo_producto
        MarcaMercanciaProducto=marca ModeloMercanciaProducto=modelo
        PaisOrigenDestino=pais_origen PaisCompradorVendedor=pais_vendedor""",
    "553": """Fraccion=fraccion SecuenciaFraccion=partida ClavePermiso=clave
        FirmaDescargo=firma NumeroPermiso=numero ValorComercialDolares=valor_dolares
        CantidadMUMTarifa=cantidad""",
    "554": """Fraccion=fraccion SecuenciaFraccion=partida ClaveCaso=clave
        IdentificadorCaso=complemento1 ComplementoCaso=complemento2""",
    "556": """Fraccion=fraccion SecuenciaFraccion=partida ClaveContribucion=contribucion
        TasaContribucion=tasa TipoTasa=tipo_tasa""",
    "557": """Fraccion=fraccion SecuenciaFraccion=partida ClaveContribucion=contribucion
        FormaPago=forma_pago ImportePago=importe""",
    "558": """Fraccion=fraccion SecuenciaFraccion=partida SecuenciaObservacion=secuencia
        Observaciones=observaciones""",
    "701": """ClaveDocumento=clave DocumentoAnterior=clave_original
        PedimentoAnterior=pedimento_original PatenteAnterior=patente_original
        SeccionAduaneraAnterior=aduana_original FechaOperacionAnterior=@fecha_original
        PedimentoOriginal=pedimento_original PatenteAduanalOrig=patente_original
        SeccionAduaneraDespOrig=aduana_original""",
    "702": "ClaveContribucion=contribucion FormaPago=forma_pago ImportePago=importe",
}


def _row(document, record):
    paid = document.fecha_pago or document.fecha_entrada
    row = {
        "Patente": document.patente,
        "Pedimento": document.pedimento,
        "SeccionAduanera": document.aduana_seccion.lstrip("0"),
        "FechaPagoReal": f"{paid} 10:00:00",
    }
    for pair in COLUMNS[record.type].split():
        column, name = pair.split("=")
        value = record[name.lstrip("@")]
        if value is not None:
            if name[0] == "@":
                row[column] = f"{value} 00:00:00"
            else:
                row[column] = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if record.type == "501":
        row["TipoPedimento"] = "2" if document.of("701") else "1"
    return row


def tables_of(*files):
    """``{table: [row]}`` of the pedimentos in broker files (bytes)."""
    tables = {}
    for content in files:
        for document in M3Reader(io.BytesIO(content)):
            for record in document.records:
                if record.type in COLUMNS:
                    rows = tables.setdefault(record.type, [])
                    rows.append(_row(document, record))
    return tables


def zip_of(tables, folio="77"):
    """Bytes of the Data Stage file of ``tables``."""
    stream = io.BytesIO()
    with DataStageWriter(stream, folio, "utf-8") as writer:
        for name, rows in sorted(tables.items()):
            columns = TABLES[name]
            writer.table(name, ([row.get(c) for c in columns] for row in rows), columns)
    return stream.getvalue()
