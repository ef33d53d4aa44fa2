"""The generated pages of docs/reference are what the code says today."""

from pathlib import Path

import pytest

from tools.generate_reference import FOLDER, error_codes, pages
from zhangshi.cli.main import ExitCode


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_generated_page_is_fresh(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name], "run `make docs`"


def test_every_error_of_the_product_is_documented() -> None:
    codes = error_codes()
    assert {"platform.key_reused", "number.overflow"} <= set(codes)
    page = (FOLDER / "errors.md").read_text(encoding="utf-8")
    missing = [code for code in codes if f"`{code}`" not in page]
    assert missing == []


def test_every_exit_code_is_documented() -> None:
    page = Path(FOLDER / "cli.md").read_text(encoding="utf-8")
    for code in ExitCode:
        assert f"| {code.value} |" in page
