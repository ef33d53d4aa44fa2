"""Wrong addresses, full disks and files that cannot be written end in a code and a sentence, and lose nothing."""

import os
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.clocks import SettableClock
from tests.companies import CompanyAddress
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import CountingIds
from zhangshi.platform.sqlite_database import SqliteSession
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork, open_company

COUNT = Statement("SELECT count(*) FROM request")


def refusal(act: Callable[[], object]) -> ZhangshiError:
    with pytest.raises(ZhangshiError) as refused:
        act()
    assert "?" not in refused.value.message("en"), "a fact of the sentence is missing"
    assert "?" not in refused.value.message("zh").replace("?", "")
    return refused.value


def opening(url: str, schema: str = "factory") -> Callable[[], object]:
    return lambda: open_company(key="test", url=url, schema=schema, clock=SettableClock(), ids=CountingIds())


def with_parts(url: str, *, netloc: str | None = None, path: str | None = None) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=netloc or parts.netloc, path=path or parts.path))


@pytest.mark.parametrize(
    "url",
    ["mysql://root@127.0.0.1/x", "nonsense", "sqlite://", "sqlite:///:memory:", "postgresql://u:secret@127.0.0.1", ""],
)
def test_an_address_of_another_kind_is_refused(url: str) -> None:
    error = refusal(opening(url))
    assert error.code == "platform.unsupported_url"
    assert "secret" not in str(error)


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert refusal(opening(f"sqlite:///{tmp_path}/no.db")).code == "platform.no_such_database"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear Sir or Madam, " * 100)
    assert refusal(opening(f"sqlite:///{file}")).code == "platform.not_a_database"
    assert file.read_text().startswith("Dear")


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    error = refusal(opening("postgresql://u:secret@127.0.0.1:1/x"))
    assert error.code == "platform.unreachable"
    assert "127.0.0.1:1" in error.message("zh")
    assert "secret" not in str(error)


def test_a_database_that_is_not_there_is_named(postgresql_address: CompanyAddress) -> None:
    error = refusal(opening(with_parts(postgresql_address.url, path="/nowhere")))
    assert error.code == "platform.no_such_database"


def test_an_unknown_user_is_refused(postgresql_address: CompanyAddress) -> None:
    host = urlsplit(postgresql_address.url)
    url = with_parts(postgresql_address.url, netloc=f"nobody:secret@{host.hostname}:{host.port}")
    error = refusal(opening(url))
    assert error.code == "platform.login_refused"
    assert "secret" not in str(error)


def test_a_company_that_was_never_migrated_says_what_to_run(postgresql_address: CompanyAddress, tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    for act in (opening(postgresql_address.url, "another"), opening(f"sqlite:///{tmp_path}/empty.db")):
        error = refusal(act)
        assert error.code == "platform.not_migrated"
        assert "zhangshi migrate" in error.message("zh")


@pytest.mark.parametrize("schema", ["", "Factory", "a b", 'a"; DROP SCHEMA x; --', "1a", "a" * 41])
def test_a_schema_name_that_needs_quotes_is_refused(postgresql_address: CompanyAddress, schema: str) -> None:
    assert refusal(opening(postgresql_address.url, schema)).code == "platform.bad_schema"


def test_a_database_newer_than_the_program_is_left_alone(company: Company) -> None:
    newer = Statement("UPDATE alembic_version SET version_num = '9999'")
    company.write(Request("a", "k", 1), lambda uow: uow.session.execute(newer), answer_type=int)
    url = company.database.url
    error = refusal(opening(url, company.database.schema))
    assert error.code == "platform.newer_than_program"
    assert error.facts["current"] == "9999"


def write_much(uow: UnitOfWork) -> int:
    uow.emit("t", "k", "x" * 4_000_000)
    return 1


def requests(company: Company) -> int:
    with company.read() as session:
        count: int = session.query(COUNT)[0][0]
        return count


def test_a_full_database_refuses_and_keeps_what_it_had(sqlite_company: Company) -> None:
    def on_a_small_disk(uow: UnitOfWork) -> int:
        assert isinstance(uow.session, SqliteSession)
        pages = uow.session.connection.execute("PRAGMA page_count").fetchone()[0]
        uow.session.connection.execute(f"PRAGMA max_page_count = {pages + 20}")
        return write_much(uow)

    sqlite_company.write(Request("a", "before", 1), lambda _: 1, answer_type=int)
    error = refusal(lambda: sqlite_company.write(Request("a", "k", 1), on_a_small_disk, answer_type=int))
    assert error.code == "platform.disk_full"
    assert requests(sqlite_company) == 1
    sqlite_company.write(Request("a", "after", 1), lambda _: 1, answer_type=int)
    assert requests(sqlite_company) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits and users of a process are Unix")
class TestInAProcessOfItsOwn:
    """Limits on file size and a change of user cannot be taken back, so a child process has them."""

    @pytest.fixture
    def address(self, sqlite_address: CompanyAddress) -> Iterator[CompanyAddress]:
        folder = Path(tempfile.mkdtemp())
        file = folder / "company.db"
        shutil.copyfile(urlsplit(sqlite_address.url).path[1:], file)
        folder.chmod(0o755)
        file.chmod(0o644)
        yield CompanyAddress(f"sqlite:///{file}", "factory")
        shutil.rmtree(folder)

    def test_a_file_that_cannot_grow_refuses_and_keeps_what_it_had(self, address: CompanyAddress) -> None:
        def child() -> None:
            import resource  # noqa: PLC0415 - Unix only

            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
            company = opening(address.url)()
            assert isinstance(company, Company)
            error = refusal(lambda: company.write(Request("a", "k", 1), write_much, answer_type=int))
            assert error.code in ("platform.disk_error", "platform.disk_full")
            assert company.write(Request("a", "small", 1), lambda _: 1, answer_type=int) == 1

        run_in_child(child)
        company = opening(address.url)()
        assert isinstance(company, Company)
        assert requests(company) == 1
        company.close()

    def test_a_file_and_a_folder_that_may_only_be_read_refuse(self, address: CompanyAddress) -> None:
        file = Path(urlsplit(address.url).path[1:])

        def child() -> None:
            if os.geteuid() == 0:
                os.seteuid(65534)
            assert refusal(opening(address.url)).code == "platform.read_only"

        file.chmod(0o444)
        file.parent.chmod(0o555)
        run_in_child(child)
        file.parent.chmod(0o777)

        def child_in_open_folder() -> None:
            if os.geteuid() == 0:
                os.seteuid(65534)
            company = opening(address.url)()
            assert isinstance(company, Company)
            error = refusal(lambda: company.write(Request("a", "k", 1), lambda _: 1, answer_type=int))
            assert error.code == "platform.read_only"

        run_in_child(child_in_open_folder)


def run_in_child(act: Callable[[], None]) -> None:
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:  # noqa: BLE001 - the parent reads the exit code
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_server_that_only_reads_refuses(postgresql_address: CompanyAddress) -> None:
    name = urlsplit(postgresql_address.url).path[1:]
    with psycopg.connect(postgresql_address.url, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    company = opening(postgresql_address.url)()
    assert isinstance(company, Company)
    error = refusal(lambda: company.write(Request("a", "k", 1), lambda _: 1, answer_type=int))
    assert error.code == "platform.read_only"
    company.close()
