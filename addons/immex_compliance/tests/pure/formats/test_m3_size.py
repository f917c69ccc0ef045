# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A file of 200 MB is read as a stream: memory does not grow with its size."""

import io
import tracemalloc

from immex_formats.issues import FormatError
from immex_formats.m3 import Limits, M3Reader
from m3_build import PEDIMENTO, encode

MIB = 1 << 20


class Repeated(io.RawIOBase):
    """A binary file that repeats a body, then ends; nothing of it is stored.

    ``served`` counts the bytes that were handed out.
    """

    def __init__(self, body, count, tail=b""):
        super().__init__()
        self.body, self.tail = body, tail
        self.repeated = len(body) * count
        self.size = self.repeated + len(tail)
        self.at = self.served = 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=io.SEEK_SET):
        assert whence == io.SEEK_SET
        self.at = offset
        return offset

    def readinto(self, buffer):
        if self.at < self.repeated:
            chunk = self.body[self.at % len(self.body) :]
        else:
            chunk = self.tail[self.at - self.repeated :]
        chunk = chunk[: len(buffer)]
        buffer[: len(chunk)] = chunk
        self.at += len(chunk)
        self.served += len(chunk)
        return len(chunk)


def opened(count, tail=b"", text=PEDIMENTO):
    raw = Repeated(encode(text.splitlines()), count, tail)
    return raw, io.BufferedReader(raw, 1 << 16)


def peak_of(reader):
    """Bytes of memory that reading a file takes at most, and its pedimentos."""
    tracemalloc.start()
    try:
        count = sum(1 for _document in reader)
        return tracemalloc.get_traced_memory()[1], count
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_file():
    records = len(PEDIMENTO.splitlines())
    peaks = []
    for count in (200, 1000):
        tail = b"801|x|%d|%d|PRV01\r\n" % (count, count * records)
        reader = M3Reader(opened(count, tail)[1], "x")
        peak, found = peak_of(reader)
        assert found == count and reader.issues == []
        peaks.append(peak)
    assert peaks[1] < peaks[0] + MIB // 4
    assert peaks[1] < 4 * MIB


def test_200_mb_are_scanned_in_bounded_memory():
    """All 200 MB pass the first look (size, encoding, binary content); the reading
    then ends at the first pedimento that is wrong."""
    body = encode(PEDIMENTO.splitlines())
    raw, stream = opened(200 * MIB // len(body) + 1, text=PEDIMENTO)
    documents = iter(M3Reader(stream, "x"))
    tracemalloc.start()
    try:
        assert next(documents).pedimento == "6000001"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert raw.served > 200 * MIB
    assert peak < 4 * MIB


def test_file_above_the_limit_is_not_read_to_its_end():
    raw, stream = opened(100_000)
    reader = M3Reader(stream, "x", Limits(max_bytes=MIB))
    try:
        list(reader)
        raise AssertionError("a file above the limit was read")
    except FormatError as error:
        assert error.issue.code == "file_too_large"
        assert "1 MiB" in error.issue.text
    assert raw.served < 2 * MIB
    assert raw.size > 100 * MIB
