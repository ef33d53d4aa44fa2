"""What a file is, by its content: a name is only a claim.

Only listed types are taken. Each says which endings fit, and whether a browser may show it in place; everything that
can carry a script (HTML, SVG, XML) is not taken at all, except as plain text that is offered for saving.
"""

from dataclasses import dataclass

from zhangshi.base.errors import ZhangshiError
from zhangshi.records.files.errors import TYPE_DIFFERS, TYPE_REFUSED
from zhangshi.records.files.names import ending_of

_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Kind:
    """A type that is taken."""

    media_type: str
    endings: frozenset[str]
    starts: tuple[bytes, ...] = ()
    shown_inline: bool = False


def _kind(media_type: str, endings: str, *starts: bytes, inline: bool = False) -> Kind:
    return Kind(media_type, frozenset(f".{one}" for one in endings.split()), starts, inline)


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = (
    _kind("image/jpeg", "jpg jpeg", b"\xff\xd8\xff", inline=True),
    _kind("image/png", "png", b"\x89PNG\r\n\x1a\n", inline=True),
    _kind("image/gif", "gif", b"GIF87a", b"GIF89a", inline=True),
    _kind("image/bmp", "bmp", b"BM", inline=True),
    _kind("application/pdf", "pdf", b"%PDF-", inline=True),
    _kind("image/tiff", "tif tiff", b"II*\x00", b"MM\x00*"),
    _kind("application/msword", "doc", _OLE),
    _kind("application/vnd.ms-excel", "xls", _OLE),
    _kind("application/vnd.ms-powerpoint", "ppt", _OLE),
    _kind(f"{_OFFICE}.wordprocessingml.document", "docx", _ZIP),
    _kind(f"{_OFFICE}.spreadsheetml.sheet", "xlsx", _ZIP),
    _kind(f"{_OFFICE}.presentationml.presentation", "pptx", _ZIP),
    _kind("application/zip", "zip", _ZIP, b"PK\x05\x06"),
    _kind("application/vnd.rar", "rar", b"Rar!\x1a\x07"),
    _kind("application/x-7z-compressed", "7z", b"7z\xbc\xaf\x27\x1c"),
    _kind("image/vnd.dwg", "dwg", b"AC10"),
    _kind("model/step", "step stp", b"ISO-10303-21"),
    _kind("model/stl", "stl", b"solid "),
)
_BY_ENDING = {ending: kind for kind in KINDS for ending in kind.endings}
WEBP = Kind("image/webp", frozenset({".webp"}), shown_inline=True)
HEIC = Kind("image/heic", frozenset({".heic", ".heif"}))
TEXT = Kind("text/plain", frozenset({".txt", ".log", ".md", ".nc", ".gcode"}))
CSV = Kind("text/csv", frozenset({".csv"}))
DXF = Kind("image/vnd.dxf", frozenset({".dxf"}))
_TEXTS = (TEXT, CSV, DXF)
_INLINE = frozenset(kind.media_type for kind in (*KINDS, WEBP) if kind.shown_inline)
_MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<?php")


def sniff(name: str, content: bytes) -> str:
    """Return the media type of a file by its content.

    Raises: records.file_type_refused if the type is not taken; records.file_type_differs if the name's ending says
    something else.
    """
    kind = _found(name, content[:_HEAD])
    if kind is None:
        raise ZhangshiError(TYPE_REFUSED, name=name, found=_shown(content))
    ending = ending_of(name)
    if ending not in kind.endings and not (kind is TEXT and ending == ""):
        raise ZhangshiError(TYPE_DIFFERS, name=name, found=kind.media_type)
    return kind.media_type


def shown_inline(media_type: str) -> bool:
    """Return whether a browser may show it in place; everything else is offered for saving."""
    return media_type in _INLINE


def _found(name: str, head: bytes) -> Kind | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"hevc", b"heif"}:
        return HEIC
    claimed = _BY_ENDING.get(ending_of(name))
    if claimed is not None and head.startswith(claimed.starts):
        return claimed  # several types begin alike: a .docx is a .zip
    starting = next((kind for kind in KINDS if head.startswith(kind.starts)), None)
    return starting or _text_kind(name, head)


def _text_kind(name: str, head: bytes) -> Kind | None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"\0" in head or start.startswith(_MARKUP):
        return None
    if not any(_decodes(head, encoding) for encoding in ("utf-8", "gb18030")):
        return None
    ending = ending_of(name)
    return next((kind for kind in _TEXTS if ending in kind.endings), TEXT)


def _decodes(head: bytes, encoding: str) -> bool:
    for cut in range(4):  # the head may end inside a character
        try:
            head[: len(head) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _shown(content: bytes) -> str:
    start = content[:_HEAD].lstrip().lower()
    return "HTML/XML" if start.startswith(_MARKUP) else content[:8].hex()
