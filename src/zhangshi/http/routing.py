"""A route as a value: the gateway carries it out, the description and the tests read it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from zhangshi.http.answers import Answer
from zhangshi.http.lanes import LaneName
from zhangshi.http.parameters import Parameter

PREFIX = "/api/v1"

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
BodyKind = Literal["none", "json", "content", "form"]
"""json: a Struct of fixed fields; content: fields of an entity's definition; form: multipart with a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation. `writes`: it takes an idempotency key, and its effect happens once."""

    method: Method
    path: str  # below PREFIX, with {names}
    name: str
    about: str
    run: Callable[[Any], Answer]
    """Takes a `Call`, which itself knows the table of routes."""
    tag: str
    lane: LaneName = "read"
    writes: bool = False
    versioned: bool = False  # If-Match is required
    signed_in: bool = True
    before_password: bool = False  # also for who must change the password first
    query: tuple[Parameter, ...] = ()
    body: BodyKind = "none"
    body_type: type[Any] | None = None
    body_optional: bool = False
    status: int = 200
    answer_about: str = ""
    answer_media: str = "application/json"
    keyless_reason: str = ""  # why a route that changes something takes no key
    answer: Literal["object", "record", "page", "saved"] = "object"
    form_fields: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the method is one that may change something: it is checked against CSRF and counted."""
        return self.method != "GET"


@dataclass(frozen=True, slots=True)
class RouteTable:
    """All routes; each (method, path) and each name stands once."""

    routes: tuple[Route, ...] = field(default=())

    def __post_init__(self) -> None:
        for keys in ([(one.method, one.path) for one in self.routes], [one.name for one in self.routes]):
            if len(set(keys)) != len(keys):
                raise ValueError(f"A route stands twice: {sorted(str(key) for key in keys)}")
