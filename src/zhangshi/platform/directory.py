"""The company directory: which companies (账套) there are and where each one lives.

One file, `companies.toml` in the home folder, readable by its owner alone because addresses hold passwords. A
change writes a new file and swaps it in, so a reader sees the old directory or the new one.
"""

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from zhangshi.base.errors import ZhangshiError
from zhangshi.platform import errors
from zhangshi.platform.databases import DEFAULT_SCHEMA
from zhangshi.platform.durable_file import replace_durably
from zhangshi.platform.file_lock import FileLock

FILE_NAME = "companies.toml"
KEY_LENGTH_MAX = 40
_KEY = re.compile(r"[a-z][a-z0-9_-]*")
_SECONDS_LOCK_MAX = 10
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyEntry:
    """One company and its address; `url` may hold a password."""

    key: str
    url: str
    schema: str = DEFAULT_SCHEMA


class Directory:
    """The companies of one installation."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.file = home / FILE_NAME

    def list_entries(self) -> list[CompanyEntry]:
        """Return all companies, by key; none if there is no directory yet.

        Raises: platform.bad_directory.
        """
        try:
            text = self.file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ZhangshiError(errors.BAD_DIRECTORY, file=str(self.file), detail=str(error)) from None
        try:
            tables = tomllib.loads(text).get("companies", {})
            return [
                CompanyEntry(key=key, url=str(table["url"]), schema=str(table.get("schema", DEFAULT_SCHEMA)))
                for key, table in sorted(tables.items())
            ]
        except (tomllib.TOMLDecodeError, KeyError, AttributeError, TypeError) as error:
            raise ZhangshiError(errors.BAD_DIRECTORY, file=str(self.file), detail=str(error)) from None

    def get_entry(self, key: str) -> CompanyEntry:
        """Return a company's entry; "" means the only company there is.

        Raises: platform.unknown_company, platform.which_company, platform.bad_directory.
        """
        entries = self.list_entries()
        known = ", ".join(entry.key for entry in entries) or "-"
        if not key and len(entries) > 1:
            raise ZhangshiError(errors.WHICH_COMPANY, known=known)
        for entry in entries:
            if entry.key == key or not key:
                return entry
        raise ZhangshiError(errors.UNKNOWN_COMPANY, key=key, known=known)

    def add_entry(self, entry: CompanyEntry) -> None:
        """Write a new company down.

        Raises: platform.company_exists, platform.bad_company_key, platform.bad_directory,
            platform.cannot_write_file.
        """
        check_company_key(entry.key)
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.file.with_name(f"{FILE_NAME}.lock"))
            if not lock.acquire(_SECONDS_LOCK_MAX):
                raise ZhangshiError(errors.BUSY, url=str(self.file), attempts=1)
            try:
                self._add_alone(entry)
            finally:
                lock.release()
                lock.close()
        except OSError as error:
            raise ZhangshiError(errors.CANNOT_WRITE_FILE, file=str(self.file), detail=str(error)) from None

    def _add_alone(self, entry: CompanyEntry) -> None:
        entries = {known.key: known for known in self.list_entries()}
        if entry.key in entries:
            raise ZhangshiError(errors.COMPANY_EXISTS, key=entry.key, url=shown_url(entries[entry.key].url))
        entries[entry.key] = entry
        tables = {key: {"url": known.url, "schema": known.schema} for key, known in sorted(entries.items())}
        part = self.file.with_name(f"{FILE_NAME}.part")
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as sink:
            sink.write(tomli_w.dumps({"companies": tables}).encode())
        replace_durably(part, self.file)


def check_company_key(key: str) -> None:
    """Do nothing if `key` can name a company. Raises: platform.bad_company_key."""
    if not _KEY.fullmatch(key) or len(key) > KEY_LENGTH_MAX:
        raise ZhangshiError(errors.BAD_COMPANY_KEY, key=key, length_max=KEY_LENGTH_MAX)


def shown_url(url: str) -> str:
    """Return the address with its password hidden."""
    return re.sub(r"(://[^/@:]*):[^/]*@", r"\1:***@", url)
