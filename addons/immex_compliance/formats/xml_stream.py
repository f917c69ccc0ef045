# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""XML from outside as a stream of events: no DTD, no entity, nothing kept in memory.

libxml2 by itself holds a text as one piece and bounds it to 10 MB; here the text of an
element comes in pieces, so that a file of any size passes within the limits.
"""

from dataclasses import dataclass

from lxml import etree

from .issues import _lt
from .text import fatal

BLOCK = 16384
START, TEXT, END = "start", "text", "end"


@dataclass(frozen=True)
class XmlLimits:
    """How much is read: bytes in all, elements within each other, bytes of one tag or
    comment, attributes of an element."""

    max_bytes: int = 512 * 1024 * 1024
    max_depth: int = 16
    max_tag: int = 64 * 1024
    max_attributes: int = 32


class _Target:
    """Takes libxml2's events; ``line`` is that of the block that is being read."""

    def __init__(self, limits):
        self.limits = limits
        self.events = []
        self.heard = 0
        self.depth = 0
        self.line = 1

    def start(self, tag, attributes):
        self.heard += 1
        self.depth += 1
        if self.depth > self.limits.max_depth:
            raise fatal(
                "xml_depth",
                _lt("Elements are nested more than %(limit)s deep."),
                self.line,
                limit=self.limits.max_depth,
            )
        if len(attributes) > self.limits.max_attributes:
            raise fatal(
                "xml_attributes",
                _lt("Element %(name)s has too many attributes."),
                self.line,
                name=local(tag)[:60],
            )
        self.events.append((START, self.line, tag, dict(attributes)))

    def end(self, tag):
        self.heard += 1
        self.depth -= 1
        self.events.append((END, self.line, tag, None))

    def data(self, text):
        self.heard += 1
        self.events.append((TEXT, self.line, text, None))

    def comment(self, _text):
        self.heard += 1

    def pi(self, _target, _data=None):
        self.heard += 1

    def doctype(self, _name, _public, _system):
        raise fatal(
            "xml_doctype",
            _lt("The XML has a document type (DOCTYPE), which is not read."),
            self.line,
        )

    def close(self):
        return None


def local(tag) -> str:
    """The name of a tag without its namespace."""
    return tag.rpartition("}")[2]


def events(stream, limits):
    """Yield ``(START, line, tag, attributes)``, ``(TEXT, line, text, None)`` and
    ``(END, line, tag, None)`` of a binary stream in UTF-8.

    :raise FormatError: it is no XML, it has a DTD, or it goes beyond the limits
    """
    target = _Target(limits)
    parser = etree.XMLParser(
        target=target,
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    size, unheard = 0, 0
    try:
        while block := stream.readline(BLOCK):
            size += len(block)
            if size > limits.max_bytes:
                raise fatal(
                    "file_too_large",
                    _lt("The file is larger than %(limit)s MiB."),
                    limit=limits.max_bytes // (1024 * 1024),
                )
            parser.feed(block)
            if target.heard:
                yield from target.events
                target.events.clear()
                target.heard, unheard = 0, 0
            else:
                # a tag that never ends is looked through again with every block
                unheard += len(block)
                if unheard > limits.max_tag:
                    raise fatal(
                        "xml_tag",
                        _lt("A tag or a comment is longer than %(limit)s bytes."),
                        target.line,
                        limit=limits.max_tag,
                    )
            target.line += block.endswith(b"\n")
        if not size:
            raise fatal("empty", _lt("The file is empty."))
        parser.close()
    except etree.XMLSyntaxError as error:
        raise fatal(
            "xml",
            _lt("This is no well-formed XML: %(reason)s."),
            target.line,
            reason=(error.msg or "").partition(", line ")[0][:200],
        ) from error
    yield from target.events
