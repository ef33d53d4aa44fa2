"""What the stories of the shop share."""

from pathlib import Path

import pytest

from tests.integration.http.shop import make_shop


@pytest.fixture(scope="session")
def shop_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The machine shop's file, closed."""
    return make_shop(tmp_path_factory.mktemp("shop"))
