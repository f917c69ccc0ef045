# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Words of the authority's pages, in Spanish and English.

Not in the catalogues of translations: the pages speak to the Mexican authority in
Spanish whether or not that language is installed, and English is for the company's own
people who look over its shoulder. Words within rows are Spanish, as in the files.
"""

from decimal import Decimal

SPANISH, ENGLISH = "es", "en"

WORDS = {
    "reports": ("Reportes", "Reports"),
    "search": ("Buscar", "Search"),
    "seals": ("Periodos cerrados", "Closed Periods"),
    "log_out": ("Salir", "Log Out"),
    "rfc": ("RFC", "RFC"),
    "program": ("Programa IMMEX", "IMMEX Programme"),
    "cut_off": ("Corte", "Cut-off"),
    "books": ("Control de inventarios, Anexo 24", "Inventory Control, Anexo 24"),
    "index_help": (
        "Consulta en línea de la autoridad. Elija un reporte y su periodo.",
        "Online access of the authority. Choose a report and its period.",
    ),
    "from": ("Desde", "From"),
    "to": ("Hasta", "To"),
    "as_of": ("Al", "As of"),
    "show": ("Consultar", "Show"),
    "row": ("renglón", "row"),
    "rows": ("renglones", "rows"),
    "page": ("Página", "Page"),
    "pages": ("Páginas", "Pages"),
    "first": ("Primera", "First"),
    "previous": ("Anterior", "Previous"),
    "next": ("Siguiente", "Next"),
    "last": ("Última", "Last"),
    "total": ("Total", "Total"),
    "whole": (
        "Los archivos traen el reporte completo.",
        "The files hold the whole report.",
    ),
    "pedimento": ("Pedimento", "Pedimento"),
    "part": ("Número de parte", "Part Number"),
    "tariff_item": ("Fracción arancelaria", "Tariff Item"),
    "nothing": ("Sin renglones en el periodo.", "No rows in the period."),
    "computed": ("Leído de los registros el", "Read from the books at"),
    "again": ("Leer de nuevo", "Read Again"),
    "preparing": (
        "El reporte es extenso y se está preparando. Esta página se actualiza sola.",
        "The report is long and is being made. This page refreshes itself.",
    ),
    "failed": (
        "El reporte no se pudo preparar. Pídalo de nuevo; si se repite, avise a la "
        "empresa.",
        "The report could not be made. Ask again; if it goes on, tell the company.",
    ),
    "too_many": (
        "Ya se están preparando otros reportes extensos. Espere a que terminen.",
        "Other long reports are being made already. Wait until they are ready.",
    ),
    "cut": (
        "Se muestran los primeros renglones; el reporte los trae todos.",
        "The first rows are shown; the report holds them all.",
    ),
    "search_help": (
        "Escriba un número de pedimento, un número de parte o una fracción "
        "arancelaria; basta un fragmento.",
        "Enter a pedimento number, a part number or a tariff item, or a piece of it.",
    ),
    "found_nothing": ("No se encontró nada.", "Nothing was found."),
    "seals_help": (
        "Cada mes cerrado lleva un sello: un SHA-256 de todos los renglones de "
        "descargo del mes, encadenado al del mes anterior. Los reportes que terminan "
        "en ese mes lo imprimen. La empresa entrega, a petición, el archivo con el "
        "que se recalcula.",
        "Each closed month bears a seal: a SHA-256 of all discharge rows of the month, "
        "chained to the month before. Reports that end in the month print it. On "
        "request the company hands over the file from which it is computed again.",
    ),
    "no_seals": ("Ningún periodo se ha cerrado.", "No period was closed."),
    "period": ("Periodo", "Period"),
    "version": ("Versión", "Version"),
    "ledger_rows": ("Renglones de descargo", "Ledger Rows"),
    "seal": ("Sello (SHA-256)", "Seal (SHA-256)"),
    "chained": ("Encadenado a", "Chained To"),
    "closed_at": ("Cerrado el", "Closed At"),
    "bad_dates": (
        "Escriba las fechas como AAAA-MM-DD.",
        "Enter dates as YYYY-MM-DD.",
    ),
    "reversed": (
        "El periodo termina antes de empezar.",
        "The period ends before it begins.",
    ),
    "busy": (
        "Se preparan otros archivos en este momento. Intente de nuevo en un minuto.",
        "Other files are being made now. Try again in a minute.",
    ),
    "too_long": (
        "El reporte tiene demasiados renglones y no se imprime. Descárguelo para Excel "
        "o elija un periodo más corto.",
        "The report has too many rows and is not printed. Download it for Excel or "
        "choose a shorter period.",
    ),
    "too_short": (
        "Escriba al menos tres caracteres.",
        "Enter three characters at least.",
    ),
}

# labels of the pages behind a cell; the reports have an English label of their own
LABELS = {
    "Salida": "Exit",
    "Fecha de salida": "Exit Date",
    "Mercancía que salió": "Goods",
    "Orden de producción": "Production Order",
    "Tipo de descargo": "Kind of Discharge",
    "Cantidad": "Quantity",
    "Unidad": "Unit",
    "Cantidad UMC": "Quantity UMC",
    "Cantidad UMT": "Quantity UMT",
    "Valor en dólares": "Value (USD)",
    "Valor en aduana": "Customs Value (MXN)",
    "Importación y partida": "Import and Partida",
    "Corrida": "Run",
    "Número de pedimento": "Pedimento Number",
    "Aduana/sección": "Customs Office",
    "Clave": "Key",
    "Operación": "Operation",
    "Fecha de entrada": "Date of Entry",
    "Fecha de pago": "Date of Payment",
    "Archivo de origen": "Source File",
    "SHA-256 del archivo": "SHA-256 of the File",
    "Fracción": "Tariff Item",
    "Número de parte": "Part Number",
    "Descripción": "Description",
    "País": "Country",
    "Capa": "Layer",
    "Registro": "Record",
    "Texto": "Text",
    "Mercancías de importación temporal": "Goods under Temporary Import",
    "Pedimento de salida": "Exit Pedimento",
    "Acta": "Act",
    "Tipo de salida": "Kind of Exit",
    "Fecha del documento": "Date of the Document",
    "Fecha física": "Physical Date",
    "Destinatario": "Consignee",
    "Entrega": "Delivery",
    "Fecha": "Date",
    "Fecha PEPS": "PEPS Date",
    "Descargado": "Discharged",
    "Saldo": "Balance",
    "País de origen": "Country of Origin",
    "Vencimiento": "Expires",
    "Regla del plazo": "Rule of the Term",
    "Recibo": "Receipt",
    "Orden": "Order",
    "Descargos de la orden": "Discharges of the Order",
    "Acuse del aviso": "Acknowledgement of the Notice",
    "Producto": "Product",
    "Cantidad producida": "Quantity Produced",
    "Consumo real": "Real Consumption",
    "Incorporado": "Incorporated",
    "Desperdicio": "Waste",
    "Estado aduanero": "Customs Status",
    "Aviso": "Notice",
    "Fecha del aviso": "Date of the Notice",
    "Fecha del acta": "Date of the Act",
    "Lugar": "Place",
    "Mercancías": "Goods",
    "Salidas que lo descargaron": "Exits that Discharged It",
    "Importaciones que descargó": "Imports that It Discharged",
    "Renglones del archivo": "Lines of the File",
    "Entregas": "Deliveries",
    "Descargos": "Discharges",
    "Importación que ampara el material": "Import that Covers the Material",
    "Recibos": "Receipts",
    "Salidas que la descargaron": "Exits that Discharged It",
    "Destrucción": "Destruction",
    "Destrucción de desperdicio": "Destruction of Waste",
    "Partes": "Parts",
    "Renglón": "Line",
    "Renglón del archivo": "Line of the File",
    "Extemporáneo": "Late",
}


def words(language):
    """{name: text} of one language."""
    return {name: pair[language == ENGLISH] for name, pair in WORDS.items()}


def number(value, decimals=0):
    """A number as it is written in Mexico, and in English alike: 1,234.50. All its
    digits stay.

    :param value: int, Decimal, or the text of a numeric column
    :param decimals: that are shown at least
    """
    value = Decimal(value)
    return f"{value:,.{max(decimals, -value.as_tuple().exponent)}f}"


def label(column, language):
    """Label of a column of a report or of a page."""
    if language != ENGLISH:
        return column.label
    if column.english != column.label:
        return column.english
    return LABELS.get(column.label, column.label)


def title(text, language):
    """Title of a page or table behind a cell."""
    return LABELS.get(text, text) if language == ENGLISH else text
