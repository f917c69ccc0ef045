# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the single answers say.

The answers in VUCEM's own manual do not validate against its schemas, so nothing is
validated here: what is needed is looked for, and its absence is told. The schema's
spelling stands: ``petente``.
"""

from lxml import etree

from ..issues import ERROR, FormatError, Issue, _lt
from ..xml_tree import check_tree
from .tree import child, children, day, parser, text

NOTHING_FOUND = "no hay informaci"  # "No hay información para la búsqueda solicitada"


class ServiceError(Exception):
    """The service answered that it has an error (``tieneError``).

    :ivar nothing_found: it knows no such thing; asking again does not help
    """

    def __init__(self, messages):
        super().__init__(" ".join(messages))
        self.nothing_found = any(NOTHING_FOUND in said.lower() for said in messages)


def fatal(code, message, /, **params):
    return FormatError(Issue(ERROR, code, message, params))


def parse_answer(content):
    """The root element of ``content``: an answer, or an envelope around it."""
    check_tree(content)
    try:
        root = etree.fromstring(content, parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise fatal(
            "xml",
            _lt("The answer is no XML that can be read: %(reason)s"),
            reason=str(error)[:200],
        ) from error
    if etree.QName(root).localname == "Envelope":
        body = child(root, "Body")
        root = body[0] if body is not None and len(body) else None
        if root is None:
            raise fatal("empty", _lt("The answer is empty."))
    return root


def errors_of(answer):
    """Messages of an answer that has an error; [] where it has none.

    :raise FormatError: it does not say whether it has one
    """
    told = text(answer, "tieneError").lower()
    if told in ("false", "0"):
        return []
    if told not in ("true", "1"):
        raise fatal(
            "wrong_answer",
            _lt("VUCEM answered something else than was asked: %(name)s."),
            name=etree.QName(answer).localname[:60],
        )
    messages = [
        text(message)
        for error in children(answer, "error")
        for message in children(error, "mensaje")
    ]
    return [message for message in messages if message] or ["tieneError"]


def _expect(answer, name):
    if etree.QName(answer).localname != name:
        raise fatal(
            "wrong_answer",
            _lt("VUCEM answered something else than was asked: %(name)s."),
            name=etree.QName(answer).localname[:60],
        )
    messages = errors_of(answer)
    if messages:
        raise ServiceError(messages)


def _digits(value, size, name):
    if not (value.isascii() and value.isdigit()) or len(value) > size:
        raise fatal(
            "not_digits",
            _lt("%(name)s of the answer is %(value)r: at most %(size)s digits."),
            name=name,
            value=value[:40],
            size=size,
        )
    return value.zfill(size)


def read_list(answer):
    """``[(patente, pedimento)]`` of a list of pedimentos, 4 and 7 digits.

    The office is the one that was asked for: the answer has it without its section.

    :raise ServiceError: it has an error
    :raise FormatError: it is no such answer
    """
    _expect(answer, "consultarPedimentosRespuesta")
    return [
        (
            _digits(text(node, "petente") or text(node, "patente"), 4, "petente"),
            _digits(text(node, "numeroDocumentoAgente"), 7, "numeroDocumentoAgente"),
        )
        for node in children(answer, "pedimento")
    ]


def operation_number(answer):
    """Number under which the other services know the pedimento."""
    _expect(answer, "consultarPedimentoCompletoRespuesta")
    return _digits(text(answer, "numeroOperacion"), 18, "numeroOperacion").lstrip("0")


def partida_numbers(answer):
    """Numbers of the partidas that are to be asked for.

    ``partidas`` comes once with how many there are; where it comes several times, the
    schema allows it, each names one.
    """
    _expect(answer, "consultarPedimentoCompletoRespuesta")
    told = [
        int(_digits(text(node), 5, "partidas"))
        for node in children(child(answer, "pedimento"), "partidas")
    ]
    if len(told) == 1:
        return list(range(1, told[0] + 1))
    return sorted(set(told))


def partida_number(answer):
    """Number of the partida that an answer tells."""
    _expect(answer, "consultarPartidaRespuesta")
    return int(_digits(text(answer, "partida", "numeroPartida"), 5, "numeroPartida"))


def read_states(answer):
    """``[(estado, subEstado, description)]`` and the day of the last state."""
    _expect(answer, "consultarEstadoPedimentosRespuesta")
    node = child(answer, "pedimento")
    states = []
    for state in children(node, "estadosPedimento"):
        words = (text(state, "descripcionEstado"), text(state, "descripcionSubEstado"))
        states.append(
            (
                text(state, "estado"),
                text(state, "subEstado"),
                ": ".join(filter(None, words)),
            )
        )
    return states, day(node, "fechaEstado")


def read_remesas(answer):
    """``[(COVE, number of the broker, number of customs)]`` of the remesas."""
    _expect(answer, "consultarRemesasRespuesta")
    return [
        tuple(
            text(node, name) for name in ("comprobanteVE", "remesaAgente", "remesaSA")
        )
        for node in children(answer, "remesas")
    ]
