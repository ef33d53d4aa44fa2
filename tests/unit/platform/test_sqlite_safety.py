"""The versions that carry the WAL-reset bug, and only those, are unsafe."""

import pytest

from zhangshi.platform.sqlite_database import LIBRARY_VERSION
from zhangshi.platform.sqlite_safety import has_wal_reset_bug, version_text


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 0), (3, 51, 2)])
def test_affected(version: tuple[int, ...]) -> None:
    assert has_wal_reset_bug(version)


@pytest.mark.parametrize("version", [(3, 6, 23), (3, 44, 6), (3, 44, 9), (3, 50, 7), (3, 51, 3), (3, 53, 4), (4, 0, 0)])
def test_fixed(version: tuple[int, ...]) -> None:
    assert not has_wal_reset_bug(version)


def test_the_wheel_brings_a_safe_library() -> None:
    pytest.importorskip("pysqlite3", reason="no wheel for this platform")
    assert not has_wal_reset_bug(LIBRARY_VERSION), version_text(LIBRARY_VERSION)
