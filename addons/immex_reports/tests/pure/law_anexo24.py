# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Anexo 24 of the RGCE for 2026 lists, clause by clause, read from its text.

A clause is ``(key, law's words, report, columns)``: each column must be there, cite the
key and, where its words are given after a colon, bear them. Keys are apartado, section,
letter and number; ``d`` before a number is the list on disassembly in II-b and II-c.
"""

A_ADDRESS = "calle|codigo_postal|colonia|entidad"
ADDRESS = f"{A_ADDRESS}|pais"
NUMBER = "Número de pedimento (aduana/sección de despacho, patente y documento)"
DESCRIPTION = "Descripción comercial"
TARIFF = "fraccion:Fracción arancelaria"
TIGIE = "Unidad de medida de la TIGIE"
KEY = "clave:Número o clave de identificación"
NAME = "nombre:Nombre, denominación o razón social"
PART = "numero_parte:Número de parte o clave de identificación"
RATE = "tasa:Tasa del impuesto de importación|tipo_tasa:Tipo de tasa|tratado"
REMESA = "remesas|fecha_cruce:Fecha de cruce"
GUIDE = "guia:Guía aérea o conocimiento de embarque"

# Apartado A: the minimum of every IMMEX company; C asks for the same of those certified
APARTADO_A = (
    ("A-I-a-1", "Denominación o razón social", "datos_generales", "denominacion"),
    ("A-I-a-2", "Clave en el RFC", "datos_generales", "rfc:Clave en el RFC"),
    ("A-I-a-3", "Número de Programa IMMEX", "datos_generales", "programa"),
    ("A-I-a-4", "Domicilios", "datos_generales", f"tipo|{A_ADDRESS}"),
    ("A-I-b-1", "Fracción arancelaria", "catalogo_materiales", TARIFF),
    ("A-I-b-2", "Descripción del material", "catalogo_materiales", "descripcion"),
    ("A-I-b-3", TIGIE, "catalogo_materiales", f"umt:{TIGIE}"),
    ("A-I-c-1", "Fracción arancelaria", "catalogo_productos", TARIFF),
    ("A-I-c-2", "Descripción del producto", "catalogo_productos", "descripcion"),
    ("A-I-c-3", TIGIE, "catalogo_productos", f"umt:{TIGIE}"),
    ("A-II-a-1", NUMBER, "entradas", "aduana_seccion|patente|documento|pedimento"),
    ("A-II-a-2", "Clave del pedimento", "entradas", "clave:Clave del pedimento"),
    (
        "A-II-a-3",
        "Fecha de entrada declarada en el pedimento",
        "entradas",
        "fecha_entrada:Fecha de entrada declarada en el pedimento",
    ),
    (
        "A-II-b",
        "Cantidades del producto, consumo real, mermas y desperdicios por periodo, en"
        " unidad de la TIGIE o comercial",
        "materiales",
        "cantidad_producida|material|consumido|consumido_umt|merma|desperdicio",
    ),
    (
        "A-II-b-1",
        "Número o clave de identificación, que la identifique con el pedimento de lo"
        " desensamblado",
        "desensamble",
        "numero_parte:Número o clave de identificación|desensamblada|pedimentos",
    ),
    ("A-II-b-2", "Descripción", "desensamble", "descripcion:Descripción"),
    ("A-II-b-3", "Unidad de medida", "desensamble", "unidad:Unidad de medida"),
    ("A-II-b-4", "Cantidad", "desensamble", "cantidad:Cantidad de mercancía"),
    ("A-II-c-1", NUMBER, "salidas", "aduana_seccion|documento"),
    ("A-II-c-2", "Fecha del pedimento", "salidas", "fecha:Fecha del pedimento"),
    ("A-II-c-3", "Clave del pedimento", "salidas", "clave:Clave del pedimento"),
    (
        "A-II-c",
        "Número y fecha del comprobante fiscal (autopartes)",
        "salidas",
        "factura|fecha_factura",
    ),
    (
        "A-II-d-1",
        "Descripción de la mercancía, con marca y modelo",
        "activo_fijo",
        "descripcion:Descripción de la mercancía|marca:Marca|modelo:Modelo",
    ),
    ("A-II-d-2", NUMBER, "activo_fijo", "aduana_seccion|pedimento:Número de pedimento"),
    ("A-II-d-3", "Fecha del pedimento", "activo_fijo", "fecha:Fecha del pedimento"),
    ("A-II-d-4", "Clave del pedimento", "activo_fijo", "clave:Clave del pedimento"),
    ("A-III-c", "Saldos por fracción arancelaria", "saldos", TARIFF),
)

# Apartado B: SECIIT
APARTADO_B = (
    ("B-I-a-1", "Denominación o razón social", "datos_generales", "denominacion"),
    ("B-I-a-2", "Clave en el RFC", "datos_generales", "rfc"),
    ("B-I-a-3", "Número de Programa IMMEX", "datos_generales", "programa"),
    ("B-I-a-4", "Domicilios", "datos_generales", f"tipo|{A_ADDRESS}"),
    ("B-I-b-1", "Número de parte", "catalogo_materiales", PART),
    ("B-I-b-2", "Descripción", "catalogo_materiales", "descripcion"),
    ("B-I-b-3", "Fracción arancelaria", "catalogo_materiales", TARIFF),
    (
        "B-I-b-4",
        "Unidad de medida de comercialización",
        "catalogo_materiales",
        "unidad:Unidad de medida de comercialización",
    ),
    ("B-I-b-5", TIGIE, "catalogo_materiales", f"umt:{TIGIE}"),
    ("B-I-b-6", "Tipo de material", "catalogo_materiales", "tipo:Tipo de material"),
    ("B-I-c-1", "Número de parte", "catalogo_productos", PART),
    ("B-I-c-2", "Descripción", "catalogo_productos", "descripcion"),
    ("B-I-c-3", "Fracción arancelaria", "catalogo_productos", TARIFF),
    (
        "B-I-c-4",
        "Unidad de medida de comercialización",
        "catalogo_productos",
        "unidad:Unidad de medida de comercialización",
    ),
    ("B-I-c-5", TIGIE, "catalogo_productos", f"umt:{TIGIE}"),
    ("B-I-d-1", "Número o clave de identificación", "proveedores", KEY),
    ("B-I-d-2", "Nombre, denominación o razón social", "proveedores", NAME),
    ("B-I-d-3", "Nacional o extranjero", "proveedores", "origen:Nacional o extranjero"),
    ("B-I-d-4", "Registro o autorización", "proveedores", "tipo_registro|registro"),
    ("B-I-d-5", "Clave fiscal, RFC o CURP", "proveedores", "identificacion_fiscal"),
    ("B-I-d-6", "Domicilio fiscal", "proveedores", ADDRESS),
    ("B-I-e-1", "Número o clave de identificación", "clientes", KEY),
    ("B-I-e-2", "Nombre, denominación o razón social", "clientes", NAME),
    ("B-I-e-3", "Clave fiscal, RFC o CURP", "clientes", "origen|identificacion_fiscal"),
    ("B-I-e-4", "Registro o autorización", "clientes", "tipo_registro|registro"),
    ("B-I-e-5", "Domicilio fiscal", "clientes", ADDRESS),
    ("B-I-f-1", "Número o clave de identificación", "submaquila", KEY),
    ("B-I-f-2", "Nombre, denominación o razón social", "submaquila", NAME),
    (
        "B-I-f-3",
        "Número y fecha de autorización de la SE",
        "submaquila",
        "autorizacion:Número de autorización de la SE|fecha_autorizacion",
    ),
    ("B-I-f-4", "Domicilio del servicio", "submaquila", ADDRESS),
    ("B-I-g-1", "Número de patente o autorización", "agentes", "patente"),
    ("B-I-g-2", "Nombre", "agentes", "nombre"),
    ("B-I-g-3", "Clave en el RFC y CURP", "agentes", "rfc:Clave en el RFC|curp:CURP"),
    (
        "B-I-g-4",
        "Nombre, denominación o razón social y domicilio fiscal",
        "agentes",
        f"razon_social|{A_ADDRESS}",
    ),
    ("B-I-h-1", "Orden de compra", "catalogo_activo_fijo", "orden_compra"),
    ("B-I-h-2", "Descripción", "catalogo_activo_fijo", "descripcion"),
    (
        "B-I-h-3",
        "Marca, modelo o número de serie",
        "catalogo_activo_fijo",
        "marca:Marca|modelo:Modelo|serie:Número de serie",
    ),
    ("B-I-h-4", "Fracción arancelaria", "catalogo_activo_fijo", TARIFF),
    *(
        (f"B-II-{letter}-{number}", words, code, column)
        for letter, code, party, day, control, order, document in (
            (
                "a",
                "interfase_entradas",
                "Número de identificación del proveedor",
                "Fecha de recibo de la mercancía",
                "Número de factura comercial o control del recibo",
                "Orden de compra",
                "Identificador del sistema corporativo que generó la entrada",
            ),
            (
                "b",
                "interfase_salidas",
                "Número de identificación del cliente",
                "Fecha de transacción de la baja del sistema corporativo",
                "Número de factura comercial o control del embarque",
                "Orden de venta/cliente",
                "Identificador del sistema corporativo que generó la salida",
            ),
        )
        for number, words, column in (
            (1, "Número de parte", "numero_parte:Número de parte"),
            (2, "Cantidad", "cantidad:Cantidad"),
            (3, "Unidad de medida", "unidad:Unidad de medida de comercialización"),
            (4, "Monto en dólares", "monto_usd:Monto en dólares"),
            (5, day, f"fecha:{day}"),
            (6, party, f"clave_tercero:{party}"),
            (7, control, f"control:{control}"),
            (8, order, f"orden:{order}"),
            (9, document, "identificador:Identificador del sistema corporativo"),
        )
    ),
    (
        "B-II-c-1",
        "Movimientos de manufactura: consolidado de transacciones y consumo real",
        "interfase_manufactura",
        "numero_parte|entradas|salidas|consumido:Consumo real",
    ),
    (
        "B-II-c-2",
        "Ajustes: faltantes y sobrantes, mermas",
        "interfase_manufactura",
        "faltantes:Faltantes|sobrantes:Sobrantes|mermas:Mermas",
    ),
    ("B-II-c-2", "Ajustes", "ajustes", "tipo:Tipo de ajuste|cantidad"),
    ("B-II-c-d1", "Número o clave de identificación", "desensamble", "numero_parte"),
    ("B-II-c-d2", "Descripción", "desensamble", "descripcion:Descripción"),
    ("B-II-c-d3", "Unidad de medida", "desensamble", "unidad:Unidad de medida"),
    ("B-II-c-d4", "Cantidad", "desensamble", "cantidad:Cantidad de mercancía"),
    (
        "B-II-c-d5",
        "Valor unitario en dólares",
        "desensamble",
        "valor_unitario_usd:Valor unitario en dólares",
    ),
    (
        "B-II-c-d6",
        "Monto total en dólares",
        "desensamble",
        "monto_usd:Monto total en dólares",
    ),
    (
        "B-II-c-d7",
        "Fecha de recuperación",
        "desensamble",
        "fecha:Fecha de recuperación de la mercancía",
    ),
    (
        "B-II-c-d8",
        "Identificador del sistema corporativo",
        "desensamble",
        "identificador:Identificador del sistema corporativo",
    ),
    ("B-III-a-1", NUMBER, "entradas", "aduana_seccion|patente|documento|pedimento"),
    ("B-III-a-2", "Clave del pedimento", "entradas", "clave:Clave del pedimento"),
    ("B-III-a-3", "Fecha de entrada", "entradas", "fecha_entrada:Fecha de entrada"),
    (
        "B-III-a-4",
        "País de origen de la mercancía",
        "entradas",
        "pais_origen:País de origen de la mercancía",
    ),
    ("B-III-a-5", "Tasa, con su tipo y el tratado o acuerdo", "entradas", RATE),
    ("B-III-a-6", "Factura comercial", "entradas", "factura:Factura comercial"),
    ("B-III-a-7", "Por remesa: formato B12 y fecha de cruce", "entradas", REMESA),
    ("B-III-b-1", NUMBER, "salidas", "aduana_seccion|documento:Número de pedimento"),
    ("B-III-b-2", "Fecha del pedimento", "salidas", "fecha:Fecha del pedimento"),
    ("B-III-b-3", "Clave del pedimento", "salidas", "clave:Clave del pedimento"),
    (
        "B-III-b-4",
        "País de destino de la mercancía",
        "salidas",
        "pais_destino:País de destino de la mercancía",
    ),
    (
        "B-III-b-5",
        "Datos conforme al catálogo de materiales o de productos",
        "salidas",
        "numero_parte|descripcion|fraccion|unidad|umt|clase",
    ),
    ("B-III-b-6", "Guía aérea o conocimiento de embarque", "salidas", GUIDE),
    ("B-III-b-7", "Factura comercial", "salidas", "factura:Factura comercial"),
    ("B-III-b-8", "Por remesa: formato B12 y fecha de cruce", "salidas", REMESA),
    ("B-III-c-1", NUMBER, "activo_fijo", "aduana_seccion|pedimento"),
    ("B-III-c-2", "Fecha del pedimento", "activo_fijo", "fecha:Fecha del pedimento"),
    ("B-III-c-3", "Clave del pedimento", "activo_fijo", "clave:Clave del pedimento"),
    (
        "B-III-c-4",
        "País de origen de la mercancía",
        "activo_fijo",
        "pais_origen:País de origen de la mercancía",
    ),
    (
        "B-III-c-5",
        "Datos conforme al catálogo de activos",
        "activo_fijo",
        "descripcion|marca|modelo|serie|fraccion|orden_compra",
    ),
    ("B-III-c-6", "Tasa, con su tipo y el tratado o acuerdo", "activo_fijo", RATE),
    ("B-III-c-7", "Guía aérea o conocimiento de embarque", "activo_fijo", GUIDE),
    (
        "B-III-c-8",
        "Factura comercial o CFDI",
        "activo_fijo",
        "factura:Factura comercial o CFDI",
    ),
    ("B-III-c-9", "Por remesa: formato B12 y fecha de cruce", "activo_fijo", REMESA),
    (
        "B-III-c",
        "Datos del pedimento de rectificación",
        "activo_fijo",
        "rectificado_por:Pedimento de rectificación",
    ),
    (
        "B-IV-c-1",
        "Inventario inicial y final por periodo",
        "interfase_manufactura",
        "inventario_inicial:Inventario inicial|inventario_final:Inventario final",
    ),
    (
        "B-IV-c-2",
        "Producto elaborado y material utilizado por periodo",
        "interfase_manufactura",
        "producido:Producido",
    ),
    (
        "B-IV-d-1",
        "Pedimento de importación que se descarga",
        "descargos",
        "pedimento_entrada:Pedimento de importación",
    ),
    ("B-IV-d-4", "Descargo por valor", "descargos_valor", "valor:Valor descargado"),
    ("B-IV-d-4", "Tasa arancelaria mayor", "saldos_valor", "tasa:Tasa mayor"),
)

# Apartado C: update within 48 hours from the end of clearance
APARTADO_C = (
    (
        "C",
        "Actualización en 48 horas desde que concluye el despacho",
        "registro",
        "fin_despacho:Conclusión del despacho|registrado:Registro en el sistema",
    ),
)
LAW = APARTADO_A + APARTADO_B + APARTADO_C

# The reports, catalogues and modules that the annex names, by their source
NAMED = {
    "A-I-a": "datos_generales",
    "A-I-b": "catalogo_materiales",
    "A-I-c": "catalogo_productos",
    "A-II-a": "entradas",
    "A-II-b": "materiales",
    "A-II-c": "salidas",
    "A-II-d": "activo_fijo",
    "A-III-a": "entradas",
    "A-III-b": "salidas",
    "A-III-c": "saldos",
    "A-III-d": "materiales",
    "B-I-a": "datos_generales",
    "B-I-b": "catalogo_materiales",
    "B-I-c": "catalogo_productos",
    "B-I-d": "proveedores",
    "B-I-e": "clientes",
    "B-I-f": "submaquila",
    "B-I-g": "agentes",
    "B-I-h": "catalogo_activo_fijo",
    "B-II-a": "interfase_entradas",
    "B-II-b": "interfase_salidas",
    "B-II-c": "interfase_manufactura",
    "B-III-a": "entradas",
    "B-III-b": "salidas",
    "B-III-c": "activo_fijo",
    "B-V-a": "entradas",
    "B-V-b": "salidas",
    "B-V-c": "saldos",
    "B-V-d": "descargos",
    "B-V-e": "ajustes",
}
# Where the company discharges by value, the reports are by value (B-V)
BY_VALUE = {"B-V-c": "saldos_valor", "B-V-d": "descargos_valor"}
