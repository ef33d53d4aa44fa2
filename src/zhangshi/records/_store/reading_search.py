"""SQL of search: which records have every word in their search text, the best first.

One scan of the compact texts of the entities asked for; nothing is indexed by letters, so saving a record stays cheap.
Rank 0: the number is the first word; 1: it begins with it; 2: a field or its initials begin with it; 3: anything else.
"""

from collections.abc import Iterator, Sequence

from zhangshi.platform.session import Row, Session
from zhangshi.records._store.reading_headers import HeaderQuery
from zhangshi.records._store.reading_sql import Sql, all_of, ask, joined


def escaped(word: str) -> str:
    """Return a word without meaning to LIKE; the escape character is `!`."""
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _like(pattern: str) -> Sql:
    return Sql("s.text LIKE ? ESCAPE '!'", (pattern,))


def _rank(word: str) -> Sql:
    first = escaped(word)
    cases = [(f"{first}\n%", 0), (f"{first}%", 1), (f"%\t{first}%", 2)]
    whens = joined([_like(pattern).within("WHEN ", f" THEN {rank}") for pattern, rank in cases], " ")
    return whens.within("CASE ", " ELSE 3 END")


def _contains(words: Sequence[str]) -> list[Sql]:
    return [_like(f"%{escaped(word)}%") for word in sorted(words, key=len, reverse=True)]


def found(session: Session, entities: Sequence[str], words: Sequence[str], limit: int) -> list[Row]:
    """Return (entity, record, rank) of records of entities that the asker reads in full, the best first."""
    if not entities:
        return []
    marks = ", ".join("?" * len(entities))
    among = Sql(f"s.entity IN ({marks})", tuple(entities))
    question = (
        Sql("SELECT s.entity, s.record_id, ")
        + _rank(words[0])
        + " FROM search_entry s WHERE "
        + all_of([among, *_contains(words)])
        + " ORDER BY 3, 2 DESC"
        + Sql(" LIMIT ?", (limit,))
    )
    return ask(session, question)


def candidates(session: Session, query: HeaderQuery, where: Sql, words: Sequence[str]) -> Iterator[Row]:
    """Yield (record, text) of records in a scope that have the words somewhere: the caller looks where."""
    among = Sql("s.entity = ?", (query.entity.key,))
    question = (
        Sql(
            f"SELECT s.record_id, s.text FROM {query.sources()} JOIN search_entry s ON s.record_id = h.record_id WHERE "
        )
        + all_of([among, *_contains(words), where])
        + " ORDER BY 1 DESC"
    )
    yield from ask(session, question)
