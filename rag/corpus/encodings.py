"""Bytes into lines: UTF-8 as it should be, and what else digests are saved as, with a remark where it is guessed."""

from __future__ import annotations

import codecs

_UTF16 = "read as UTF-16; UTF-8 is expected, so save the file as UTF-8"
_KOREAN = "read as CP949 (EUC-KR); UTF-8 is expected, so save the file as UTF-8"
_SAMPLE = 2_000  # bytes that tell UTF-16 without a mark


def decode(data: bytes) -> tuple[list[str | bytes], str | None]:
    """Return the lines of a file (as bytes where one is not text) and a remark on its encoding, if it is not UTF-8."""
    if codec := _utf16(data):
        try:
            return list(data.decode(codec).splitlines()), _UTF16
        except UnicodeDecodeError:
            if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return [data], None
    data = data.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        return list(data.decode("utf-8").split("\n")), None
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.end == len(data):
            return list(data[: error.start].decode("utf-8").split("\n")), "the file ends in the middle of a character"
    lines: list[str | bytes] = []
    whole_korean = False
    for line in data.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
            whole_korean = whole_korean or not line.isascii()
        except UnicodeDecodeError:
            lines.append(line)
    if not whole_korean:
        try:
            return list(data.decode("cp949").split("\n")), _KOREAN
        except UnicodeDecodeError:
            pass
    return lines, None


def _utf16(data: bytes) -> str | None:
    """Return the codec of a file in UTF-16, by its mark or, without one, by the empty half of its Latin letters."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:_SAMPLE]
    for codec, empty, full in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        zeros = sample[empty::2].count(0)
        if len(data) % 2 == 0 and zeros > len(sample) / 8 and not sample[full::2].count(0):
            return codec
    return None
