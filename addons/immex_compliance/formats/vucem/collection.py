# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The answers of one pedimento as one file: the whole one, then its partidas.

``<vucem aduana="070" patente="3600" pedimento="2050961">`` around the bodies as VUCEM
sent them. The number is the one that was asked for, since answers have it without
zeros and without the patent.
"""

import io

from lxml import etree

from ..issues import _lt
from ..xml_tree import check_head, check_size, marks
from .answers import fatal, parse_answer
from .tree import parser_options

ROOT = "vucem"
BLOCK = 16384


def write_collection(office, patente, pedimento, answers):
    """Bytes of the file.

    :param answers: iterable of elements, the whole pedimento first
    """
    stream = io.BytesIO()
    with etree.xmlfile(stream, encoding="UTF-8") as file:
        file.write_declaration()
        number = {"aduana": office, "patente": patente, "pedimento": pedimento}
        with file.element(ROOT, number):
            for answer in answers:
                file.write(answer)
    return stream.getvalue()


def read_collection(content):
    """Yield the attributes of the root, then each answer: as an element that is alone
    in memory.

    :raise FormatError: it is no such file, or one of its answers is too large
    """
    check_head(content)
    parser = etree.XMLPullParser(events=("start", "end"), **parser_options())
    seen, counted, depth = 0, (0, 0, 0), 0
    try:
        for start in range(0, len(content), BLOCK):
            block = content[start : start + BLOCK]
            parser.feed(block)
            counted = [a + b for a, b in zip(counted, marks(block), strict=True)]
            check_size(start + len(block) - seen, *counted)
            for event, node in parser.read_events():
                if event == "start":
                    depth += 1
                    if depth == 1:
                        if node.tag != ROOT:
                            raise other()
                        yield dict(node.attrib)
                    continue
                depth -= 1
                if depth == 1:
                    # apart from the tree, which is emptied behind it
                    text = etree.tostring(node, with_tail=False)
                    node.clear()
                    while node.getprevious() is not None:
                        del node.getparent()[0]
                    yield parse_answer(text)
                    seen, counted = start, marks(block)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise fatal(
            "xml",
            _lt("The answer is no XML that can be read: %(reason)s"),
            reason=str(error)[:200],
        ) from error


def other():
    return fatal("no_answers", _lt("These are no collected answers of VUCEM."))
