"""A company behind the HTTP door: an empty one, and a machine shop with all its forms."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clocks import SettableClock
from tests.integration.http.shop import copy_shop, make_shop, opened
from tests.integration.http.works import Works
from zhangshi.platform.log import configure_log
from zhangshi.platform.unit_of_work import Company


@pytest.fixture(autouse=True)
def _quiet() -> None:
    """Errors of the program only: ten thousand requests would be ten thousand lines."""
    configure_log(form="json", level="error", clock=SettableClock())


@pytest.fixture
def works(sqlite_company: Company, clock: SettableClock) -> Iterator[Works]:
    """A company with an owner and a clerk, without forms and without rates."""
    made = Works(sqlite_company, clock)
    made.add("owner", ["owner"])
    made.add("clerk")
    yield made
    made.close()


@pytest.fixture(scope="session")
def shop_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The machine shop's file, closed."""
    return make_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def shop(shop_template: Path, tmp_path: Path) -> Iterator[Works]:
    """A machine shop with all its forms, an owner and a clerk without roles."""
    with opened(copy_shop(shop_template, tmp_path)) as made:
        yield made


@pytest.fixture
def untouched(shop: Works) -> Iterator[Works]:
    """A shop of which not one row changes while the test runs."""
    assert shop.client("owner").get("/me").status_code == shop.client("clerk").get("/me").status_code
    before = shop.fingerprint()
    yield shop
    assert shop.fingerprint() == before
