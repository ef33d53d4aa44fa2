"""The bodies of routes whose fields are fixed. A field that is not known is refused."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from zhangshi.base.errors import Language

Id = Annotated[str, Meta(pattern="^(0|[1-9][0-9]{0,18})$", examples=["193273528327"])]
"""Ids are texts: a browser's numbers end at 2^53. "0" is none."""
ShortText = Annotated[str, Meta(max_length=200)]
Secret = Annotated[str, Meta(max_length=200)]
Version = Annotated[int, Meta(ge=1, le=2**31)]
RoleKey = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,63}$")]
Content = dict[str, Any]


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What all bodies have in common."""


class SignIn(Body, kw_only=True):
    """A login with its password."""

    login: ShortText
    password: Secret


class MyPassword(Body, kw_only=True):
    """The present password, and the new one."""

    old: Secret
    new: Secret


class MyProfile(Body, kw_only=True):
    """What a person may change of themselves."""

    name: ShortText
    mnemonic: ShortText = ""
    language: Language = "zh"
    version: Version


class NewPerson(Body, kw_only=True):
    """A person to be: the password is made up and shown once."""

    login: ShortText
    name: ShortText
    mnemonic: ShortText = ""
    department: Id = "0"
    language: Language = "zh"
    roles: list[RoleKey] = []


class PersonEdit(Body, kw_only=True):
    """What the list of people shows; `active` false keeps the person out."""

    name: ShortText
    mnemonic: ShortText = ""
    department: Id = "0"
    language: Language = "zh"


class PersonRoles(Body, kw_only=True):
    """Exactly these roles."""

    roles: list[RoleKey]


class NewDepartment(Body, kw_only=True):
    """A department to be."""

    code: ShortText
    name: ShortText
    parent: Id = "0"
    head: Id = "0"


class DepartmentEdit(NewDepartment, kw_only=True):
    """A department as it should be; `active` false closes it."""

    active: bool = True


class NewToken(Body, kw_only=True):
    """A token to be; `user` "0" is oneself."""

    name: ShortText
    scopes: list[ShortText]
    user: Id = "0"
    expires_at: datetime | None = None


class SourceRow(Body, kw_only=True):
    """A row of a source, with the quantity that is taken; without one, all that is open."""

    id: Id
    quantity: str | None = None


class ConversionSource(Body, kw_only=True):
    """A record to convert; without `lines`, all its open rows."""

    record: Id
    lines: list[SourceRow] | None = None


class Proposal(Body, kw_only=True):
    """The records to convert."""

    sources: Annotated[list[ConversionSource], Meta(min_length=1, max_length=100)]


class Conversion(Proposal, kw_only=True):
    """The records to convert, and what the person changed in the proposal."""

    content: Content | None = None


class BatchOperation(Body, kw_only=True):
    """One write of a batch; which fields count depends on `kind`."""

    kind: Literal["create", "edit", "delete", "transition", "convert"]
    record: Id = "0"
    version: int = 0
    content: Content | None = None
    transition: ShortText = ""
    conversion: ShortText = ""
    sources: list[ConversionSource] = []


class Batch(Body, kw_only=True):
    """Many writes: `each` on its own, or `all` or none."""

    operations: Annotated[list[BatchOperation], Meta(min_length=1, max_length=1000)]
    mode: Literal["each", "all"] = "each"


class NewComment(Body, kw_only=True):
    """A comment; people named behind @ are told."""

    text: Annotated[str, Meta(min_length=1, max_length=10_000)]


class ExportOrder(Body, kw_only=True):
    """A list to be exported; `columns` left out: every field of the header."""

    entity: ShortText
    format: Literal["xlsx", "csv"] = "xlsx"
    columns: list[ShortText] | None = None
    filter: Annotated[str, Meta(max_length=8000)] = ""
    sort: list[ShortText] = []
    ids: list[Id] = []


class SavedViewBody(Body, kw_only=True):
    """A saved view of a list; with roles it is shared with them."""

    entity: ShortText
    name: ShortText
    content: Content
    roles: list[RoleKey] = []


class Draft(Body, kw_only=True):
    """A definition as it shall be: as YAML, or as its content."""

    text: Annotated[str, Meta(max_length=2_000_000)] = ""
    content: Content | None = None


class PlanOrder(Body, kw_only=True):
    """What to plan: all drafts, or, with a revision, going back to it."""

    revision: Annotated[int, Meta(ge=0, le=2**31)] | None = None
    note: ShortText = ""


class Publication(Body, kw_only=True):
    """The digest of the plan that was shown, which says what is confirmed."""

    plan: ShortText
    note: ShortText = ""


class Rollback(Publication, kw_only=True):
    """The revision to go back to, and the digest of its plan."""

    revision: Annotated[int, Meta(ge=0, le=2**31)]


class PackOrder(Body, kw_only=True):
    """A pack of this program, and how conflicts with the site's changes are decided."""

    pack: ShortText
    choices: dict[str, Literal["pack", "site"]] = {}
    prefer: Literal["", "pack", "site"] = ""
    demo: bool = False
