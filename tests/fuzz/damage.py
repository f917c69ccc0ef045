# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Files that are nearly right: a file of the corpus with a few things done to it."""

from hypothesis import strategies as st

TOKENS = [
    b"",
    b" ",
    b"0",
    b"-1",
    b"1e400",
    b"NaN",
    b"Infinity",
    b"9" * 40,
    b"31022026",
    b"TOTAL",
    b"%s%(x)s",
    b"=1+1",
    b"<script>",
    b"&lol;",
    b"<!DOCTYPE x [<!ENTITY lol 'x'>]>",
    b"../../etc/passwd",
    b"\x00",
    b"\x1a",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    "Ñ½²٣".encode(),
    b"|" * 9,
    b'"',
    b"\r",
    b"\n\n",
    b"500|",
    b"801|",
]


@st.composite
def damaged(draw, seeds):
    """Bytes of one of ``seeds`` after up to six changes."""
    content = draw(st.sampled_from(seeds))
    for _time in range(draw(st.integers(0, 6))):
        content = _change(draw, content, seeds)
    return content


def _change(draw, content, seeds):
    at = draw(st.integers(0, len(content)))
    until = min(len(content), at + draw(st.integers(0, 60)))
    match draw(st.integers(0, 6)):
        case 0:
            return content[:at]
        case 1:
            return content[:at] + content[until:]
        case 2:
            return content[:at] + draw(st.sampled_from(TOKENS)) + content[until:]
        case 3:
            return content[:at] + draw(st.binary(max_size=8)) + content[at:]
        case 4:
            return (
                content[:until]
                + content[at:until] * draw(st.integers(1, 50))
                + content[until:]
            )
        case 5:
            lines = content.splitlines(keepends=True)
            if len(lines) > 1:
                one, two = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
                lines[one], lines[two] = lines[two], lines[one]
            return b"".join(lines)
        case _:
            other = draw(st.sampled_from(seeds))
            return content[:at] + other[draw(st.integers(0, len(other))) :]
