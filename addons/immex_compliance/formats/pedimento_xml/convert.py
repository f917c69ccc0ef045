# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""From M3 to our XML and back, a pedimento at a time."""

import codecs

from ..m3 import M3Reader, M3Writer
from .reader import PedimentoXmlReader
from .writer import PedimentoXmlWriter


def m3_to_xml(source, target, name="", limits=None):
    """Write the M3 file ``source`` (binary, seekable) as XML to ``target``.

    :return: the reader, with its ``issues``
    :raise FormatError: the file cannot be read to its end
    """
    reader = M3Reader(source, name, limits)
    writer = PedimentoXmlWriter(target, reader.summary)
    for document in reader:
        writer.document(document)
    writer.close()
    return reader


def xml_to_m3(source, target, name="", limits=None):
    """Write the XML ``source`` as M3 to ``target``: the bytes that it was made from,
    where it was made from an M3 file. Without one the closing record is made.

    :return: the reader, with its ``issues``
    :raise FormatError: the file cannot be read to its end
    """
    reader = PedimentoXmlReader(source, name, limits)
    writer = None
    for document in reader:
        if writer is None:
            summary = reader.summary
            writer = M3Writer(
                target, name, summary.eol or "\r\n", encoding=summary.encoding
            )
            if summary.bom:
                target.write(codecs.BOM_UTF8)
        for record in document.records:
            writer.raw(record.text)
    summary = reader.summary
    if summary.trailer:
        writer.raw(summary.trailer.text, eol=summary.last_eol)
    else:
        writer.trailing_pipe = summary.trailing_pipe
        writer.close()
    return reader
