"""The way into the product that `pack check` plays stories through: the services themselves, without a wire.

Who a story names becomes a user of the scratch company, with the roles that the story gives them.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from zhangshi.base.ids import IdSource
from zhangshi.definitions.model.packs import Story
from zhangshi.identity.model import OWNER, Person, Profile, SecretMade
from zhangshi.identity.service.passwords import HashedPassword
from zhangshi.identity.service.users import create_user
from zhangshi.ledger.service.queries import valuation
from zhangshi.packs.shop import Shop
from zhangshi.packs.stories import Handle
from zhangshi.platform.unit_of_work import SYSTEM_ACTOR, Request, UnitOfWork
from zhangshi.records.model import Caller, Saved, Source

_QUANTITY_DIGITS = 6
_AMOUNT_DIGITS = 2


class ServicesDoor:
    """See `stories.Door`."""

    def __init__(self, shop: Shop, story: Story) -> None:
        self._shop = shop
        self._ids: IdSource = shop.company.ids
        self._callers = {name: self._hired(name, roles) for name, roles in story.users.items()}
        self._owner = Caller(Person(user_id=0, login=OWNER, name=OWNER, roles=frozenset({OWNER})))

    def _hired(self, name: str, roles: Sequence[str]) -> Caller:
        """Make a user who can sign in nowhere: no password has this hash."""

        def work(uow: UnitOfWork) -> SecretMade:
            nothing = HashedPassword("!")
            return create_user(uow, by=None, login=name, profile=Profile(name), password=nothing, roles=roles)

        made = self._shop.company.write(Request(SYSTEM_ACTOR, self._key(), None), work, answer_type=SecretMade)
        return Caller(Person(user_id=made.subject_id, login=name, name=name, roles=frozenset(roles)))

    def _caller(self, who: str) -> Caller:
        return self._callers.get(who, self._owner)

    def _key(self) -> str:
        return f"story/{self._ids.next_id()}"

    def create(self, who: str, entity: str, content: Mapping[str, Any], transition: str) -> Handle:
        """See `Door`."""
        return _handle(
            self._shop.records.create(
                self._caller(who), key=self._key(), entity=entity, content=content, transition=transition or None
            )
        )

    def edit(self, who: str, of: Handle, content: Mapping[str, Any]) -> Handle:
        """See `Door`."""
        return _handle(
            self._shop.records.edit(
                self._caller(who),
                key=self._key(),
                entity=of.entity,
                record_id=int(of.record_id),
                version=of.version,
                content=content,
            )
        )

    def transition(self, who: str, of: Handle, transition: str, content: Mapping[str, Any]) -> Handle:
        """See `Door`."""
        return _handle(
            self._shop.records.transition(
                self._caller(who),
                key=self._key(),
                entity=of.entity,
                record_id=int(of.record_id),
                version=of.version,
                transition=transition,
                content=content or None,
            )
        )

    def propose(self, who: str, conversion: str, sources: Sequence[Handle]) -> tuple[str, dict[str, Any]]:
        """See `Door`."""
        content = self._shop.records.propose(self._caller(who), conversion=conversion, sources=_sources(sources))
        with self._shop.company.read() as session:
            target = self._shop.catalogs.current(session).conversions[conversion].target
        return target, content

    def convert(
        self, who: str, conversion: str, sources: Sequence[Handle], content: Mapping[str, Any], transition: str
    ) -> Handle:
        """See `Door`."""
        return _handle(
            self._shop.records.convert(
                self._caller(who),
                key=self._key(),
                conversion=conversion,
                sources=_sources(sources),
                content=content,
                transition=transition or None,
            )
        )

    def delete(self, who: str, of: Handle) -> None:
        """See `Door`."""
        self._shop.records.delete(
            self._caller(who), key=self._key(), entity=of.entity, record_id=int(of.record_id), version=of.version
        )

    def get(self, who: str, entity: str, record_id: str) -> dict[str, Any]:
        """See `Door`."""
        return self._shop.reader.get(self._caller(who), entity, int(record_id))

    def chain(self, who: str, of: Handle) -> list[str]:
        """See `Door`."""
        found = self._shop.reader.chain(self._caller(who), of.entity, int(of.record_id))
        nodes = cast("list[dict[str, object]]", found["nodes"])
        return [str(node["entity"]) for node in nodes if str(node["id"]) != of.record_id]

    def stock(self) -> dict[str, tuple[Decimal, Decimal]]:
        """See `Door`."""
        with self._shop.company.read() as session:
            rows = valuation(session)
            player = self._shop.catalogs.current(session).playing("ledger_item")
        if player is None:
            return {}
        numbers = {item_id: str(self.get(OWNER, player[0].key, str(item_id))["number"]) for item_id, _, _ in rows}
        return {
            numbers[item_id]: (
                Decimal(quantity).scaleb(-_QUANTITY_DIGITS),
                Decimal(amount).scaleb(-_AMOUNT_DIGITS),
            )
            for item_id, quantity, amount in rows
        }


def _handle(saved: Saved) -> Handle:
    return Handle(saved.entity, str(saved.record_id), saved.version)


def _sources(handles: Sequence[Handle]) -> list[Source]:
    return [Source(int(one.record_id)) for one in handles]
