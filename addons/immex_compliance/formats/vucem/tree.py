# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Elements by their local names: VUCEM's answers mix namespaces as they like."""

import datetime
import re

from lxml import etree

_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def parser_options():
    """For XML from outside: no entities, no network, no DTD, bounded depth and size."""
    return {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }


def parser():
    return etree.XMLParser(**parser_options())


def children(node, name):
    """Children with that local name."""
    if node is None:
        return []
    return [
        element
        for element in node
        # an entity is no element, and is not resolved
        if isinstance(element.tag, str) and etree.QName(element).localname == name
    ]


def child(node, *path):
    """The first element along ``path``, or None."""
    for name in path:
        node = next(iter(children(node, name)), None)
    return node


def text(node, *path):
    """Text along ``path``: one line without separators of a record; "" for none."""
    found = child(node, *path)
    value = found.text if found is not None else None
    return " ".join((value or "").replace("|", " ").split())


def number(node, *path):
    """A decimal as text, without the zeros that say nothing."""
    value = text(node, *path)
    if "." in value:
        value = value.rstrip("0").rstrip(".")
    return value


def key(node, *path, size=0):
    """A key along ``path`` and its ``clave``, with the zeros that VUCEM leaves out."""
    value = text(node, *path, "clave")
    return value.zfill(size) if value and value.isdigit() else value


def day(node, *path):
    """``2015-11-24-06:00`` as a date, or None: the day is the one that is written."""
    match = _DATE.match(text(node, *path))
    if not match:
        return None
    try:
        return datetime.date(*map(int, match.groups()))
    except ValueError:
        return None


def address(home):
    """Fields of an address, by their names in the records."""
    return {
        "calle": text(home, "calle"),
        "interior": text(home, "numeroInterior"),
        "exterior": text(home, "numeroExterior"),
        "codigo_postal": text(home, "codigoPostal"),
        "municipio": text(home, "ciudadMunicipio"),
    }


def _padded(digits, size):
    return digits.zfill(size) if digits else ""


def original(node):
    """Number of an earlier pedimento; zeros are missing in each of its parts."""
    return {
        "patente_original": _padded(text(node, "patenteOriginal"), 4),
        "pedimento_original": _padded(text(node, "pedimentoOriginal"), 7),
        "aduana_original": key(node, "aduanaOriginal", size=3),
    }
