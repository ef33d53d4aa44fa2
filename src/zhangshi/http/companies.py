"""The companies that this server has opened, each with its services."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.http.services import Services
from zhangshi.identity.ports import Noise
from zhangshi.identity.service.authentication import Authenticator
from zhangshi.identity.service.gate import Gate
from zhangshi.identity.service.passwords import Passwords
from zhangshi.platform.unit_of_work import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One opened company: its database, who may come in, and the services that carry out requests."""

    company: Company
    authenticator: Authenticator
    gate: Gate
    passwords: Passwords
    noise: Noise
    catalogs: Catalogs
    services: Services


class Companies:
    """Opens each company of the directory when it is asked for first. Safe to share between threads."""

    def __init__(
        self, *, known: Callable[[], list[str]], open_by_key: Callable[[str], Opened], default: str = ""
    ) -> None:
        """`known` lists the keys of the directory; `open_by_key("")` opens the only company there is."""
        self._known = known
        self._open_by_key = open_by_key
        self._default = default
        self._opened: dict[str, Opened] = {}
        self._turn = threading.Lock()

    def find(self, key: str) -> Opened | None:
        """Return the company if it is open already; "" means the default. Costs nothing."""
        return self._opened.get(key or self._default)

    def open(self, key: str) -> Opened:
        """Return the company, opened now if need be; call it where waiting is allowed.

        Raises: platform.unknown_company, platform.which_company, and what `open_company` raises.
        """
        wanted = key or self._default
        with self._turn:
            found = self._opened.get(wanted)
            if found is None:
                found = self._open_by_key(wanted)
                existing = self._opened.get(found.company.key)
                if existing is not None:  # "" and its key are one company
                    found.company.close()
                    found = existing
                self._opened[wanted] = self._opened[found.company.key] = found
            return found

    def ready(self) -> list[tuple[str, str]]:
        """Return the keys of all companies, each with the code of what keeps it from being opened, or ""."""
        answers: list[tuple[str, str]] = []
        for key in self._known():
            try:
                self.open(key)
            except ZhangshiError as error:
                answers.append((key, error.code))
            else:
                answers.append((key, ""))
        return answers

    def all_opened(self) -> list[Opened]:
        """Return what is open now."""
        return list({id(one): one for one in self._opened.values()}.values())

    def close(self) -> None:
        """Close all; reads and writes in progress are waited for."""
        with self._turn:
            for one in self.all_opened():
                one.company.close()
            self._opened.clear()
