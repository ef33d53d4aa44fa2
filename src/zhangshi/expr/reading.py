"""What a formula reads and asks, from its tree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhangshi.expr.nodes import Call, Constant, Each, Get, Node


@dataclass(frozen=True, slots=True)
class Reads:
    """Paths of the thing at hand, of its header, of the rows of its tables; and functions that ask the host."""

    here: frozenset[str]
    parent: frozenset[str]
    rows: Mapping[str, frozenset[str]]
    host_functions: frozenset[str]


def reads_of(tree: Node) -> Reads:
    """Return what the tree reads."""
    paths: dict[str, set[str]] = {"here": set(), "parent": set()}
    rows: dict[str, set[str]] = {}
    functions: set[str] = set()
    for node, table in walked(tree, ""):
        if isinstance(node, Each):
            rows.setdefault(node.table, set())
        elif isinstance(node, Call) and node.function.asks_host:
            functions.add(node.function.name)
        elif isinstance(node, Get) and node.level == "row":
            rows[table].add(node.path)
        elif isinstance(node, Get):
            paths[node.level].add(node.path)
    frozen = {table: frozenset(found) for table, found in rows.items()}
    return Reads(frozenset(paths["here"]), frozenset(paths["parent"]), frozen, frozenset(functions))


def walked(node: Node, table: str) -> Iterator[tuple[Node, str]]:
    """Yield every node, with the table of the aggregate that it stands in."""
    yield node, table
    if isinstance(node, Constant | Get):
        return
    inside = node.table if isinstance(node, Each) else table
    for part in node.parts:
        yield from walked(part, inside)
