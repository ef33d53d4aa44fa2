"""Every error of the product has an HTTP status that says what kind of refusal it is."""

import pytest

from tools.generate_reference import error_codes
from zhangshi.http.statuses import KNOWN_SLICES, NAMED_CODES, status_of

CODES = error_codes()


def test_every_error_code_of_the_product_has_a_status() -> None:
    assert len(CODES) > 200
    assert {code for code in CODES if code.partition(".")[0] not in KNOWN_SLICES} == set()


def test_the_table_names_no_code_that_does_not_exist() -> None:
    assert set(CODES) >= NAMED_CODES


@pytest.mark.parametrize("code", sorted(CODES))
def test_an_anticipated_error_is_no_error_of_the_program(code: str) -> None:
    assert (
        status_of(code) < 500
        or code.startswith("platform.")
        or status_of(code) in {503, 507}
        or code == "http.internal"
    )


@pytest.mark.parametrize("code", [code for code in sorted(CODES) if ".unknown_" in code or ".no_such_" in code])
def test_what_is_not_there_is_not_called_a_conflict(code: str) -> None:
    assert status_of(code) in {400, 404, 422, 503}
