# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The letter that gives the authority its access, as PDF (Anexo 24, apartado C).

Pure Python. The password is in no file and in no database: a line is left for it.
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from .text import clean

MONTHS = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre"
).split()
BODY = ParagraphStyle(
    "body", fontName="Helvetica", fontSize=10, leading=14, alignment=TA_JUSTIFY
)
RIGHT = ParagraphStyle("right", BODY, alignment=TA_RIGHT)
BOLD = ParagraphStyle("bold", BODY, fontName="Helvetica-Bold")
CELL = ParagraphStyle("cell", BODY, leading=12, alignment=0)
BLANK = "_" * 36


@dataclass(frozen=True)
class Letter:
    """What the letter says; texts, and dates for ``day``, ``since`` and ``until``.

    :param kind: "first" (access is given) or "change" (its data changed)
    :param email, phone: where the authority answers (RGCE 1.2.2-III and IV)
    """

    company: str
    rfc: str
    program: str
    certification: str
    address: str
    place: str
    day: object
    since: object
    until: object
    address_of_system: str
    user: str
    representative: str
    kind: str = "first"
    email: str = ""
    phone: str = ""


def long_date(day):
    """A day in words: 5 de octubre de 2026."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def write_letter(letter, stream):
    """Write the PDF of a :class:`Letter` to a binary stream."""
    document = SimpleDocTemplate(
        stream,
        pagesize=LETTER,
        title="Acceso en línea al sistema de control de inventarios",
        author=clean(letter.company),
        leftMargin=2.5 * cm,
        rightMargin=2.5 * cm,
        topMargin=2.5 * cm,
        bottomMargin=2 * cm,
        # the same letter gives the same file
        invariant=1,
    )
    document.build(list(_parts(letter)))


def _text(text, style=BODY):
    return Paragraph(text, style)


def _parts(letter):
    said = {
        name: escape(clean(value or BLANK))
        for name, value in vars(letter).items()
        if value is None or isinstance(value, str)
    }
    change = letter.kind == "change"
    yield _text(f"{said['place']}, a {long_date(letter.day)}.", RIGHT)
    yield Spacer(0, 14)
    subject = "modificación de los datos de" if change else "se otorga"
    yield _text(
        f"Asunto: {subject} acceso en línea al sistema automatizado de control de "
        "inventarios (Anexo 24, apartado C).",
        RIGHT,
    )
    yield Spacer(0, 14)
    for line in (
        "Servicio de Administración Tributaria",
        "Administración General de Auditoría de Comercio Exterior",
        "Oficialía de Partes",
        "Presente",
    ):
        yield _text(line, BOLD)
    yield Spacer(0, 14)
    yield _text(
        f"<b>{said['company']}</b>, con clave en el Registro Federal de Contribuyentes "
        f"<b>{said['rfc']}</b>, Programa IMMEX <b>{said['program']}</b>, inscrita en "
        "el Registro en el Esquema de Certificación de Empresas: "
        f"{said['certification']}, con domicilio fiscal en {said['address']}, correo "
        f"electrónico para recibir notificaciones {said['email']} y teléfono "
        f"{said['phone']}, por conducto de su representante legal, "
        f"{said['representative']}, comparece y expone:"
    )
    yield Spacer(0, 8)
    yield _text(
        "En cumplimiento del artículo 59, fracción I de la Ley Aduanera, de las reglas "
        "1.2.2. y 7.1.1., fracción XIV de las Reglas Generales de Comercio Exterior y "
        "del Anexo 24, apartado C de las mismas, "
        + (
            "se informan los nuevos datos con los que esa autoridad ingresa"
            if change
            else "se otorgan los datos para que esa autoridad ingrese"
        )
        + " en línea al sistema automatizado de control de inventarios de la empresa:"
    )
    yield Spacer(0, 8)
    until = f"al {long_date(letter.until)}" if letter.until else "hasta nuevo aviso"
    yield _table(
        (
            ("Dirección electrónica", said["address_of_system"]),
            ("Usuario", said["user"]),
            ("Contraseña", f"{BLANK} (o en sobre cerrado que se anexa)"),
            ("Vigencia", f"Del {long_date(letter.since)} {until}"),
        )
    )
    yield Spacer(0, 8)
    yield _text(
        "El usuario es de sólo lectura y da acceso a los catálogos, a los módulos y a "
        "los reportes del Anexo 24, con consulta del detalle hasta el pedimento y el "
        "número de parte, y a su descarga en archivos XLSX, XML y PDF."
    )
    yield Spacer(0, 8)
    yield _text("Se adjunta el material necesario para el acceso:")
    for item in (
        "Guía de acceso y de consulta para la autoridad.",
        "Copia del documento que acredita la personalidad del representante legal.",
    ):
        yield _text(f"&bull;&nbsp; {item}")
    yield Spacer(0, 8)
    yield _text(
        "Toda modificación de la información necesaria para ingresar al sistema se "
        "dará a conocer a esa autoridad por escrito libre."
    )
    yield Spacer(0, 36)
    yield _text("Protesto lo necesario,")
    yield Spacer(0, 36)
    yield _text(BLANK)
    yield _text(said["representative"])
    yield _text(f"Representante legal de {said['company']}")


def _table(rows):
    table = Table(
        [[_text(name, BOLD), _text(value, CELL)] for name, value in rows],
        colWidths=(4.5 * cm, 11.5 * cm),
    )
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, "#808080"),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return table
