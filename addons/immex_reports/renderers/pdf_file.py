# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A PDF file that is written page by page.

reportlab keeps every page in memory until the last one is drawn; here a page goes to
the stream as soon as it is full, and only its place in the file stays (8 bytes). Of
reportlab are the widths of the letters of the two fonts that every PDF reader has.
"""

import re
import unicodedata
import zlib
from array import array
from functools import lru_cache
from itertools import chain

from reportlab.pdfbase import pdfmetrics

REGULAR, BOLD = "F1", "F2"
FONTS = {REGULAR: "Helvetica", BOLD: "Helvetica-Bold"}
WIDTHS = {key: pdfmetrics.getFont(name).widths for key, name in FONTS.items()}
CATALOG, PAGES, FONT, FONT_BOLD, TOTAL, INFO = range(1, 7)
TOTAL_WIDTH = 40  # points that are kept for the number of pages
_ESCAPED = re.compile(rb"([\\()])")
# spaces and dashes that the fonts do not have, as those that look alike
_LIKE = {
    **dict.fromkeys(map(ord, "\u2002\u2003\u2007\u2009\u200a\u202f"), " "),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2212"), "-"),
}
_CONTROL = re.compile("[\x00-\x1f\x7f]+")


@lru_cache(maxsize=8192)
def encode(text):
    """Bytes of ``text`` as the fonts know them (Windows-1252); "?" for what is in no
    western alphabet."""
    text = unicodedata.normalize("NFC", _CONTROL.sub(" ", text)).translate(_LIKE)
    return text.encode("cp1252", "replace")


def width_of(data, size, font=REGULAR):
    """Width in points of what :func:`encode` gave."""
    return sum(map(WIDTHS[font].__getitem__, data)) * size / 1000


def show(data, x, y, size, font=REGULAR, squeeze=1.0):
    """Operators that write ``data`` at a place, narrower by the factor ``squeeze``."""
    return b"/%s %.4g Tf %.3g 0 0 1 %.2f %.2f Tm (%s) Tj\n" % (
        font.encode(),
        size,
        squeeze,
        x,
        y,
        _ESCAPED.sub(rb"\\\1", data),
    )


def _text_string(text):
    return b"<FEFF%s>" % text.encode("utf-16-be", "replace").hex().upper().encode()


class PdfFile:
    """``add_page`` for each page, then ``close``.

    :param stream: binary stream
    :param size: (width, height) of the pages in points
    """

    def __init__(self, stream, size, title, author):
        self.stream, self.size = stream, size
        self.title, self.author = title, author
        self.position = 0
        self.fixed = {}
        self.offsets = array("Q")
        self._put(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
        for number, name in ((FONT, FONTS[REGULAR]), (FONT_BOLD, FONTS[BOLD])):
            self._object(
                number,
                b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>"
                % name.encode(),
            )

    @property
    def pages(self):
        return len(self.offsets) // 2

    def _put(self, data):
        self.stream.write(data)
        self.position += len(data)

    def _object(self, number, body):
        if number <= INFO:
            self.fixed[number] = self.position
        else:
            self.offsets.append(self.position)
        self._put(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _stream_of(self, data, more=b""):
        packed = zlib.compress(data, 6)
        return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (
            more,
            len(packed),
            packed,
        )

    def add_page(self, content):
        """Write a page whose operators are ``content``; ``/Total Do`` in it shows the
        number of pages."""
        number = INFO + 1 + len(self.offsets)
        self._object(number, self._stream_of(content))
        self._object(
            number + 1,
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %d %d]/Contents %d 0 R"
            b"/Resources<</Font<</F1 %d 0 R/F2 %d 0 R>>/XObject<</Total %d 0 R>>>>>>"
            % (PAGES, *self.size, number, FONT, FONT_BOLD, TOTAL),
        )

    def close(self, size):
        """Write what only the last page lets know.

        :param size: of the letters of the number of pages
        """
        total = b"BT %sET" % show(str(self.pages).encode(), 0, size / 4, size)
        box = b"/Type/XObject/Subtype/Form/BBox[0 0 %d %d]" % (TOTAL_WIDTH, size * 2)
        fonts = b"/Resources<</Font<</F1 %d 0 R>>>>" % FONT
        self._object(TOTAL, self._stream_of(total, box + fonts))
        self.fixed[PAGES] = self.position
        self._put(b"%d 0 obj\n<</Type/Pages/Count %d/Kids[" % (PAGES, self.pages))
        for number in range(INFO + 2, INFO + 1 + len(self.offsets), 2):
            self._put(b"%d 0 R\n" % number)
        self._put(b"]>>\nendobj\n")
        self._object(
            CATALOG,
            b"<</Type/Catalog/Pages %d 0 R/Lang(es-MX)"
            b"/ViewerPreferences<</DisplayDocTitle true>>>>" % PAGES,
        )
        self._object(
            INFO,
            b"<</Title%s/Author%s>>"
            % (_text_string(self.title), _text_string(self.author)),
        )
        start = self.position
        fixed = (self.fixed[number] for number in range(CATALOG, INFO + 1))
        count = INFO + 1 + len(self.offsets)
        self._put(b"xref\n0 %d\n0000000000 65535 f \n" % count)
        for offset in chain(fixed, self.offsets):
            self._put(b"%010d 00000 n \n" % offset)
        self._put(
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
            % (count, CATALOG, INFO, start)
        )
