# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Reads a request as a stream: whatever its size, its content goes to a file and no
more than a block of it is in memory."""

import base64
import binascii
import tempfile
from dataclasses import dataclass, field

from ...formats.issues import FormatError
from ...formats.xml_stream import END, START, XmlLimits, events, local
from . import faults
from .names import CONTENT, NAMESPACE, OPERATIONS, SOAP, SOAP12

SPOOL = 1024 * 1024
MAX_TEXT = 500  # characters of an element other than the content
HEADER_DEPTH = 12
OVERHEAD = 64 * 1024  # envelope and headers around the content
BLANKS = str.maketrans("", "", " \t\r\n")


def body_limit(content_bytes):
    """Longest request that may bear so many bytes of content: base64, with line ends
    after each 64 characters."""
    return content_bytes * 4 // 3 + content_bytes // 24 + OVERHEAD


@dataclass
class Request:
    """An operation and its values; ``content`` is a binary file, or None."""

    operation: str = ""
    values: dict = field(default_factory=dict)
    content: object = None
    content_size: int = 0

    def close(self):
        if self.content is not None:
            self.content.close()


class _Content:
    """Decodes base64 piece by piece."""

    def __init__(self, limit):
        self.file = tempfile.SpooledTemporaryFile(SPOOL)
        self.limit, self.size, self.rest, self.ended = limit, 0, "", False

    def take(self, text):
        text = self.rest + text.translate(BLANKS)
        whole = len(text) // 4 * 4
        self.rest = text[whole:]
        self._write(text[:whole])

    def finish(self):
        if self.rest:
            raise faults.about(CONTENT, "The content is no base64.")
        self.file.seek(0)

    def _write(self, text):
        if not text:
            return
        if self.ended:
            raise faults.about(CONTENT, "The content is no base64.")
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise faults.about(CONTENT, "The content is no base64.") from None
        self.ended = text.endswith("=")
        self.size += len(data)
        if self.size > self.limit:
            raise too_large(self.limit)
        self.file.write(data)


def too_large(limit):
    return faults.SoapFault(
        faults.TOO_LARGE,
        f"The content is larger than {limit // 1024 // 1024} MiB, the limit for you.",
    )


class _Counted:
    """A stream that tells how much was read and does not go beyond a limit."""

    def __init__(self, stream, limit, fault):
        self.stream, self.limit, self.fault, self.size = stream, limit, fault, 0

    def readline(self, size):
        # the server's stream looks for line ends byte by byte; blocks will do
        block = self.stream.read(size)
        self.size += len(block)
        if self.size > self.limit:
            raise self.fault
        return block


def parse(stream, content_limit):
    """Read a request.

    :param content_limit: bytes that its content may have
    :return: ``(Request, bytes read)``
    :raise SoapFault: it is none of ours
    """
    limit = body_limit(content_limit)
    counted = _Counted(stream, limit, too_large(content_limit))
    reading = _Reading(content_limit)
    try:
        limits = XmlLimits(max_bytes=limit + 1, max_depth=HEADER_DEPTH)
        for kind, _line, what, attributes in events(counted, limits):
            if kind == START:
                reading.start(what, attributes)
            elif kind == END:
                reading.end(what)
            else:
                reading.text(what)
    except FormatError as error:
        reading.request.close()
        raise faults.SoapFault(
            "Client", f"line {error.issue.line}: {error.issue.text}"
        ) from None
    except faults.SoapFault:
        reading.request.close()
        raise
    return reading.finish(), counted.size


class _Reading:
    """Follows the elements of an envelope."""

    def __init__(self, content_limit):
        self.request = Request()
        self.content_limit = content_limit
        self.path = []
        self.texts, self.length = [], 0
        self.content = None

    def start(self, tag, attributes):
        depth = len(self.path)
        self.path.append(tag)
        if depth == 0:
            self._envelope(tag)
        elif depth == 1:
            if tag not in (f"{{{SOAP}}}Header", f"{{{SOAP}}}Body"):
                raise faults.SoapFault("Client", f"{local(tag)[:60]} is not expected.")
        elif self.path[1] == f"{{{SOAP}}}Header":
            if depth == 2 and attributes.get(f"{{{SOAP}}}mustUnderstand") in (
                "1",
                "true",
            ):
                raise faults.SoapFault(
                    faults.MUST_UNDERSTAND,
                    f"Header {local(tag)[:60]} is not understood.",
                )
        elif depth == 2:
            self._operation(tag)
        elif depth == 3:
            self._value(tag)
        else:
            raise faults.about(local(tag)[:60], "The element is not expected here.")

    def end(self, tag):
        self.path.pop()
        if len(self.path) != 3 or self.path[1] != f"{{{SOAP}}}Body":
            return
        name = local(tag)
        if name == CONTENT:
            self.content.finish()
            self.request.content_size = self.content.size
            return
        self.request.values[name] = "".join(self.texts).strip()

    def text(self, text):
        if len(self.path) == 4 and self.path[1] == f"{{{SOAP}}}Body":
            name = local(self.path[3])
            if name == CONTENT:
                self.content.take(text)
                return
            self.length += len(text)
            if self.length > MAX_TEXT:
                raise faults.about(
                    name, f"The text is longer than {MAX_TEXT} characters."
                )
            self.texts.append(text)
        elif text.strip() and self.path[1:2] != [f"{{{SOAP}}}Header"]:
            raise faults.SoapFault("Client", "Text stands outside of an element.")

    def finish(self):
        if not self.request.operation:
            raise faults.SoapFault(faults.OPERATION, "The request has no operation.")
        return self.request

    def _envelope(self, tag):
        if tag == f"{{{SOAP12}}}Envelope":
            raise faults.SoapFault(faults.VERSION, "This service speaks SOAP 1.1.")
        if tag != f"{{{SOAP}}}Envelope":
            raise faults.SoapFault("Client", "This is no SOAP envelope.")

    def _operation(self, tag):
        name = local(tag)
        if self.request.operation:
            raise faults.SoapFault("Client", "The request has two operations.")
        if tag != f"{{{NAMESPACE}}}{name}" or name not in OPERATIONS:
            raise faults.SoapFault(
                faults.OPERATION, f"There is no operation {tag[:120]}."
            )
        self.request.operation = name

    def _value(self, tag):
        name = local(tag)
        if (
            tag != f"{{{NAMESPACE}}}{name}"
            or name not in OPERATIONS[self.request.operation]
        ):
            raise faults.about(tag[:120], "The element is not one of the operation.")
        if name in self.request.values or (name == CONTENT and self.content):
            raise faults.about(name, "The element stands twice.")
        self.texts, self.length = [], 0
        if name == CONTENT:
            self.content = _Content(self.content_limit)
            self.request.content = self.content.file
