"""A page as HTML: plain, self-contained, sized in millimetres; every value is escaped."""

from collections.abc import Sequence
from html import escape

import segno

_SIZES = {"A3": (297, 420), "A4": (210, 297), "A5": (148, 210), "A6": (105, 148), "letter": (216, 279)}
_STYLE = """
body{font-family:"Noto Sans SC","Microsoft YaHei","PingFang SC","SimSun",sans-serif;
font-size:10.5pt;color:#000;margin:0}
h1{font-size:16pt;text-align:center;margin:0 0 3mm;font-weight:600}
section{page-break-after:always}section:last-child{page-break-after:auto}
.copy{float:right;font-size:9pt}.row{display:flex;gap:6mm;margin:0 0 1.5mm}.row>span{flex:1}
.name{color:#444}table{border-collapse:collapse;width:100%;margin:2mm 0}
th,td{border:.2mm solid #000;padding:.8mm 1.2mm;font-size:9.5pt;text-align:left;vertical-align:top}
td.n{text-align:right;white-space:nowrap}thead{display:table-header-group}tr{page-break-inside:avoid}
.signs{display:flex;gap:8mm;margin-top:5mm}.signs>span{flex:1;border-bottom:.2mm solid #000;padding-bottom:6mm}
svg{width:18mm;height:18mm}
"""


def page_style(size: str, *, landscape: bool, margin_mm: int) -> str:
    """Return the CSS of a paper: a name, or `width x height` in mm as 241x140."""
    width, height = _SIZES.get(size) or tuple(int(part) for part in size.split("x"))
    if landscape:
        width, height = height, width
    return f"@page{{size:{width}mm {height}mm;margin:{margin_mm}mm}}{_STYLE}"


def text_block(text: str, *, size: int, align: str) -> str:
    """Return a paragraph."""
    points = f";font-size:{size}pt" if size else ""
    return f'<p style="text-align:{align};margin:1mm 0{points}">{escape(text)}</p>'


def field_row(pairs: Sequence[tuple[str, str]]) -> str:
    """Return names and values side by side."""
    cells = "".join(f'<span><span class="name">{escape(name)}:</span>{escape(value)}</span>' for name, value in pairs)
    return f'<div class="row">{cells}</div>'


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[tuple[str, bool]]],
    *,
    totals: Sequence[str] | None,
    widths: Sequence[str],
) -> str:
    """Return a table; each cell says whether it is a number. `totals` is a last row, "" where nothing is summed."""
    columns = "".join(f'<col style="width:{width}mm">' if width else "<col>" for width in widths)
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join(f"<tr>{''.join(_cell(text, number) for text, number in row)}</tr>" for row in rows)
    foot = "<tr>" + "".join(f'<td class="n"><b>{escape(one)}</b></td>' for one in totals) + "</tr>" if totals else ""
    return f"<table><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead><tbody>{body}{foot}</tbody></table>"


def _cell(text: str, number: bool) -> str:  # noqa: FBT001 - a pair of a row
    return f'<td class="n">{escape(text)}</td>' if number else f"<td>{escape(text)}</td>"


def code(text: str, *, align: str) -> str:
    """Return a QR code of a text; nothing for an empty one."""
    if not text:
        return ""
    drawn = segno.make(text, error="m", micro=False).svg_inline(scale=2, border=1)
    return f'<div style="text-align:{align}">{drawn}</div>'


def signatures(names: Sequence[str]) -> str:
    """Return lines to sign on."""
    return '<div class="signs">' + "".join(f"<span>{escape(one)}</span>" for one in names) + "</div>"


def section(title: str, copy: str, blocks: Sequence[str]) -> str:
    """Return one copy of the document."""
    named = f'<span class="copy">{escape(copy)}</span>' if copy else ""
    return f"<section>{named}<h1>{escape(title)}</h1>{''.join(blocks)}</section>"


def document(language: str, title: str, style: str, sections: Sequence[str]) -> bytes:
    """Return the whole page, UTF-8."""
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{style}</style>'
    return f'<!doctype html><html lang="{language}"><head>{head}</head><body>{"".join(sections)}</body></html>'.encode()
