# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""XML from outside as a tree: whether it may become one.

libxml2 takes 125 bytes for an element and as many for a text, whatever their length: 40
times the file where it is made of little else. What the tree would take is reckoned
from the bytes, before there is one.
"""

import re

from .issues import ERROR, FormatError, Issue, _lt

FLOOR = 8 * 1024 * 1024  # bytes that any tree may take
RATIO = 6  # and so many times its file beyond
ELEMENT, TEXT, ATTRIBUTE = 130, 125, 235
# Of these a mark of XML is the byte that it is in ASCII, so that it can be counted.
_ENCODING = re.compile(
    rb"<\?xml[^>]{0,80}?encoding\s*=\s*[\"'](?:utf-8|us-ascii|iso-8859-\d\d?"
    rb"|windows-125\d)[\"']",
    re.I,
)
_BOM = b"\xef\xbb\xbf"


def check_tree(content):
    """:raise FormatError: ``content`` (bytes) declares a document type, is written in
    no encoding of ours, or would take too much memory as a tree"""
    check_head(content)
    check_size(len(content), *marks(content))


def check_head(content):
    """The part of :func:`check_tree` that does not ask for the size."""
    head = content[:200].removeprefix(_BOM).lstrip()
    declared = head.startswith(b"<?xml") and b"encoding" in head.partition(b"?>")[0]
    if not head.startswith(b"<") or (declared and not _ENCODING.match(head)):
        raise _fatal(
            "xml", _lt("The answer is no XML that can be read: %(reason)s"), reason=""
        )
    if b"<!DOCTYPE" in content:
        raise _fatal("dtd", _lt("The answer declares a document type; it is not read."))


def marks(content):
    """Return how many elements, texts and attributes there are at most."""
    return (
        content.count(b"<") - content.count(b"</"),
        content.count(b">") - content.count(b"><"),
        content.count(b"="),
    )


def check_size(size, elements, texts, attributes):
    """:raise FormatError: a tree of so many parts would take too much memory"""
    reckoned = elements * ELEMENT + texts * TEXT + attributes * ATTRIBUTE
    if reckoned > FLOOR + RATIO * size:
        raise _fatal(
            "xml_tree",
            _lt("The XML has more elements than its size makes plausible."),
        )


def _fatal(code, message, **params):
    return FormatError(Issue(ERROR, code, message, params))
