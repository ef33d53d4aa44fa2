"""Bring the sentences of docs/reference/refusals.md up to date: `python -m tools.generate_refusals`.

The page is written by hand, one section for each code; only the quoted sentences (lines that begin with `>`) and
the list of the order at its head come from the code. A code without a section gets an empty one to be written.
"""

import re
import sys
from pathlib import Path

from zhangshi.base.errors import ErrorCode
from zhangshi.ledger.refusals import PRECEDENCE

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "refusals.md"
_ORDER = re.compile(r"(?<=<!-- order -->\n).*?(?=<!-- /order -->)", re.DOTALL)
_SECTION = re.compile(r"^## ", re.MULTILINE)
_QUOTE = re.compile(r"^>.*\n", re.MULTILINE)


def brought_up_to_date(page: str) -> str:
    """Return the page with the code's sentences, its sections in order of precedence."""
    head, *written = _SECTION.split(page)
    bodies = {section.partition("\n")[0].strip("`"): section.partition("\n")[2] for section in written}
    sections = [_section(error_code, bodies.get(error_code.code, "\n")) for error_code in PRECEDENCE]
    order = "".join(f"{number}. [`{code.code}`](#{_anchor(code)})\n" for number, code in enumerate(PRECEDENCE, 1))
    return _ORDER.sub(lambda _: order, head) + "\n".join(section.rstrip() + "\n" for section in sections)


def _section(error_code: ErrorCode, body: str) -> str:
    prose = _QUOTE.sub("", body).strip("\n")
    return f"## `{error_code.code}`\n\n> {error_code.zh}\n>\n> {error_code.en}\n\n{prose}\n"


def _anchor(error_code: ErrorCode) -> str:
    return error_code.code.replace(".", "")


def main() -> int:
    """Rewrite the page."""
    before = PAGE.read_text(encoding="utf-8")
    after = brought_up_to_date(before)
    PAGE.write_text(after, encoding="utf-8")
    print("unchanged" if before == after else "rewritten", PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
