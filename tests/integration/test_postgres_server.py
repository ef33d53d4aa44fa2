"""The throw-away PostgreSQL server keeps its promises: settings, its own end, and no orphan."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tools.postgres_server import running_postgres

ROOT = Path(__file__).parents[2]
SECONDS_MAX = 20


def ask(url: str, question: str) -> str:
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.slow
@pytest.mark.parametrize("fsync", [True, False])
def test_commits_are_synchronous_and_fsync_is_as_asked(tmp_path: Path, fsync: bool) -> None:
    with running_postgres(tmp_path, fsync=fsync) as url:
        assert ask(url, "SHOW fsync") == ("on" if fsync else "off")
        assert ask(url, "SHOW synchronous_commit") == "on"
        assert ask(url, "SHOW server_encoding") == "UTF8"
        assert int(ask(url, "SHOW server_version_num")) >= 150_000


@pytest.mark.slow
def test_the_server_and_its_data_are_gone_after_the_block(tmp_path: Path) -> None:
    with running_postgres(tmp_path) as url:
        data = Path(ask(url, "SHOW data_directory"))
        assert data.parent.exists()

    assert not data.parent.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=5)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel to pass on the parent's death")
def test_a_server_does_not_outlive_the_process_that_started_it(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from tools.postgres_server import running_postgres\n"
        "with running_postgres(Path(sys.argv[1])) as url:\n    print(url, flush=True); time.sleep(60)\n"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", program, tmp_path],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    with starter.stdout:
        url = starter.stdout.readline().strip()
        home = Path(ask(url, "SHOW data_directory")).parent

        starter.send_signal(signal.SIGKILL)
        starter.wait()

    assert gone(url)
    shutil.rmtree(home)


def gone(url: str) -> bool:
    deadline = time.monotonic() + SECONDS_MAX
    while time.monotonic() < deadline:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError as refused:
            if "refused" in str(refused):
                return True
        time.sleep(0.05)
    return False
