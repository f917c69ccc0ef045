# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Tables of a Data Stage file: their columns, by name, and what the values are.

Names and order as four public implementations agree on them; ANAM's own description
("Formato Consulta Data Stage", 2022) was not at hand. A file is read by the names of
its own header, so columns may come in any order, and others may be added.
"""

KEY = ("Patente", "Pedimento", "SeccionAduanera")

TABLES = {
    "501": (
        *KEY,
        *"""
        TipoOperacion ClaveDocumento SeccionAduaneraEntrada CurpContribuyente Rfc
        CurpAgenteA TipoCambio TotalFletes TotalSeguros TotalEmbalajes
        TotalIncrementables TotalDeducibles PesoBrutoMercancia MedioTransporteSalida
        MedioTransporteArribo MedioTransporteEntrada_Salida DestinoMercancia
        NombreContribuyente CalleContribuyente NumInteriorContribuyente
        NumExteriorContribuyente CPContribuyente MunicipioContribuyente
        EntidadFedContribuyente PaisContribuyente TipoPedimento
        FechaRecepcionPedimento FechaPagoReal
        """.split(),
    ),
    "502": (
        *KEY,
        *"""
        RfcTransportista CurpTransportista NombreTransportista PaisTransporte
        IdentificadorTransporte FechaPagoReal
        """.split(),
    ),
    "503": (
        *KEY,
        *"""
        NumeroGuia TipoGuia FechaPagoReal
        """.split(),
    ),
    "504": (
        *KEY,
        *"""
        NumContenedor TipoContenedor FechaPagoReal
        """.split(),
    ),
    "505": (
        *KEY,
        *"""
        FechaFacturacion NumeroFactura TerminoFacturacion MonedaFacturacion
        ValorDolares ValorMonedaExtranjera PaisFacturacion EntidadFedFacturacion
        IndentFiscalProveedor ProveedorMercancia CalleProveedor NumInteriorProveedor
        NumExteriorProveedor CpProveedor MunicipioProveedor FechaPagoReal
        """.split(),
    ),
    "506": (
        *KEY,
        *"""
        TipoFecha FechaOperacion FechaValidacionPagoR
        """.split(),
    ),
    "507": (
        *KEY,
        *"""
        ClaveCaso IdentificadorCaso TipoPedimento ComplementoCaso
        FechaValidacionPagoR
        """.split(),
    ),
    "508": (
        *KEY,
        *"""
        InstitucionEmisora NumeroCuenta FolioConstancia FechaConstancia TipoCuenta
        ClaveGarantia ValorUnitarioTitulo TotalGarantia CantidadUnidades
        TitulosAsignados FechaPagoReal
        """.split(),
    ),
    "509": (
        *KEY,
        *"""
        ClaveContribucion TasaContribucion TipoTasa TipoPedimento FechaPagoReal
        """.split(),
    ),
    "510": (
        *KEY,
        *"""
        ClaveContribucion FormaPago ImportePago TipoPedimento FechaPagoReal
        """.split(),
    ),
    "511": (
        *KEY,
        *"""
        SecuenciaObservacion Observaciones TipoPedimento FechaValidacionPagoR
        """.split(),
    ),
    "512": (
        *KEY,
        *"""
        PatenteAduanalOrig PedimentoOriginal SeccionAduaneraDespOrig
        DocumentoOriginal FechaOperacionOrig FraccionOriginal UnidadMedida
        MercanciaDescargada TipoPedimento FechaPagoReal
        """.split(),
    ),
    "520": (
        *KEY,
        *"""
        IndentFiscalDestinatario NombreDestinatarioMercancia CalleDestinatario
        NumInteriorDestinatario NumExteriorDestinatario CpDestinatario
        MunicpioDestinatario PaisDestinatario FechaPagoReal
        """.split(),
    ),
    "551": (
        *KEY,
        *"""
        Fraccion SecuenciaFraccion SubdivisionFraccion DescripcionMercancia
        PrecioUnitario ValorAduana ValorComercial ValorDolares CantidadUMComercial
        UnidadMedidaComercial CantidadUMTarifa UnidadMedidaTarifa ValorAgregado
        ClaveVinculacion MetodoValorizacion CodigoMercanciaProducto
        MarcaMercanciaProducto ModeloMercanciaProducto PaisOrigenDestino
        PaisCompradorVendedor EntidadFedOrigen EntidadFedDestino EntidadFedComprador
        EntidadFedVendedor TipoOperacion ClaveDocumento FechaPagoReal
        """.split(),
    ),
    "552": (
        *KEY,
        *"""
        Fraccion SecuenciaFraccion VinNumeroSerie KilometrajeVehiculo FechaPagoReal
        """.split(),
    ),
    "553": (
        *KEY,
        *"""
        Fraccion SecuenciaFraccion ClavePermiso FirmaDescargo NumeroPermiso
        ValorComercialDolares CantidadMUMTarifa FechaPagoReal
        """.split(),
    ),
    "554": (
        *KEY,
        *"""
        Fraccion SecuenciaFraccion ClaveCaso IdentificadorCaso ComplementoCaso
        FechaPagoReal
        """.split(),
    ),
    "555": (
        *KEY,
        *"""
        Fraccion SecuenciaFraccion InstitucionEmisora NumeroCuenta FolioConstancia
        FechaConstancia ClaveGarantia ValorUnitarioTitulo TotalGarantia
        CantidadUnidadesMedida TitulosAsignados FechaPagoReal
        """.split(),
    ),
    "556": (
        *KEY,
        *"""
        Fraccion SecuenciaFraccion ClaveContribucion TasaContribucion TipoTasa
        FechaPagoReal
        """.split(),
    ),
    "557": (
        *KEY,
        *"""
        Fraccion SecuenciaFraccion ClaveContribucion FormaPago ImportePago
        FechaPagoReal
        """.split(),
    ),
    "558": (
        *KEY,
        *"""
        Fraccion SecuenciaFraccion SecuenciaObservacion Observaciones FechaPagoReal
        """.split(),
    ),
    "701": (
        *KEY,
        *"""
        ClaveDocumento FechaPago PedimentoAnterior PatenteAnterior
        SeccionAduaneraAnterior DocumentoAnterior FechaOperacionAnterior
        PedimentoOriginal PatenteAduanalOrig SeccionAduaneraDespOrig FechaPagoReal
        """.split(),
    ),
    "702": (
        *KEY,
        *"""
        ClaveContribucion FormaPago ImportePago TipoPedimento FechaPagoReal
        """.split(),
    ),
    "Sel": (
        *KEY,
        *"""
        ConsecutivoRemesa NumeroSeleccion FechaSeleccion HoraSeleccion
        SemaforoFiscal ClaveDocumento TipoOperacion
        """.split(),
    ),
    "Inci": (
        *KEY,
        *"""
        ConsecutivoRemesa NumeroSeleccion FechaInicioReconocimiento
        HoraInicioReconocimiento FechaFinReconocimiento HoraFinReconocimiento
        Fraccion SecuenciaFraccion ClaveDocumento TipoOperacion GradoIncidencia
        FechaSeleccion
        """.split(),
    ),
    "Resumen": tuple(
        """
        Folio RFCoPatenteAduanal Fecha_Inicial Fecha_Final Fecha_Ejecucion
        Total_Fracciones Total_Contribuciones
        """.split()
    ),
}

# Spellings that were seen, by table.
ALIASES = {
    "507": {"indentificadorcaso": "IdentificadorCaso"},
    "Sel": {"semaforofisca": "SemaforoFiscal"},
}

# (digits before the point, decimals) of decimal columns; whole numbers have none.
# Layouts of the validation file (VOCE M3) for the same fields.
NUMBERS = {
    "TipoCambio": (9, 5),
    "TotalFletes": (14, 2),
    "TotalSeguros": (14, 2),
    "TotalEmbalajes": (14, 2),
    "TotalIncrementables": (14, 2),
    "TotalDeducibles": (14, 2),
    "PesoBrutoMercancia": (14, 3),
    "ValorDolares": (14, 2),
    "ValorMonedaExtranjera": (14, 2),
    "TasaContribucion": (15, 10),
    "ImportePago": (14, 2),
    "MercanciaDescargada": (18, 6),
    "PrecioUnitario": (15, 5),
    "ValorAduana": (14, 2),
    "ValorComercial": (14, 2),
    "CantidadUMComercial": (15, 3),
    "CantidadUMTarifa": (18, 5),
    "ValorAgregado": (14, 2),
    "SecuenciaFraccion": (5, 0),
}
DATES = frozenset(
    """
    FechaRecepcionPedimento FechaPagoReal FechaFacturacion FechaOperacion
    FechaOperacionOrig FechaPago FechaOperacionAnterior Fecha_Inicial Fecha_Final
    Fecha_Ejecucion
    """.split()
)
# Longest texts of columns that become columns of ours, in characters.
SIZES = {
    "Patente": 4,
    "Pedimento": 7,
    "SeccionAduanera": 3,
    "ClaveDocumento": 3,
    "Rfc": 13,
    "CurpContribuyente": 18,
    "CurpAgenteA": 18,
    "Fraccion": 8,
    "SubdivisionFraccion": 2,
}
# Without these a table says nothing.
REQUIRED = {
    "501": (*KEY, "TipoOperacion", "ClaveDocumento", "FechaPagoReal"),
    "551": (
        *KEY,
        "Fraccion",
        "SecuenciaFraccion",
        "CantidadUMComercial",
        "UnidadMedidaComercial",
        "CantidadUMTarifa",
        "UnidadMedidaTarifa",
    ),
    "510": (*KEY, "ClaveContribucion", "FormaPago", "ImportePago"),
    "557": (*KEY, "SecuenciaFraccion", "ClaveContribucion", "FormaPago", "ImportePago"),
}


def canonical(table, header):
    """Name of a column under our spelling, or None for one that is not known."""
    text = header.strip().lower()
    known = {name.lower(): name for name in TABLES.get(table, ())}
    return known.get(text) or ALIASES.get(table, {}).get(text)
