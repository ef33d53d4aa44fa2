"""In which order computed fields are evaluated, and the rings that would make it endless."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def ordered(reads: Mapping[Node, Sequence[Node]]) -> tuple[list[Node], list[list[Node]]]:
    """Return the nodes, each after those that it reads, and the rings that were found.

    Nodes keep their own order where nothing demands another. Names that are no nodes are ignored. A ring is a list of
    nodes, each reading the next and the last the first; its nodes stand in the order all the same.
    Cost: nodes + reads.
    """
    done: dict[Node, None] = {}
    rings: list[list[Node]] = []
    for node in reads:
        if node not in done:
            _visit(node, reads, done, rings)
    return list(done), rings


def _visit(start: Node, reads: Mapping[Node, Sequence[Node]], done: dict[Node, None], rings: list[list[Node]]) -> None:
    """Walk depth first without recursion: a chain of fields may be longer than Python's stack."""
    way: dict[Node, None] = {start: None}
    pending = [iter(reads[start])]
    while pending:
        following = next(pending[-1], None)
        if following is None:
            node, _ = way.popitem()
            pending.pop()
            done[node] = None
        elif following in way:
            nodes = list(way)
            rings.append(nodes[nodes.index(following) :])
        elif following in reads and following not in done:
            way[following] = None
            pending.append(iter(reads[following]))
