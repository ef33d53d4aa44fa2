"""Kinds of import contract that import-linter lacks: they hold for modules that are still to come.

Problem. DESIGN.md says of every part what it may know, also of the parts that are not written yet; the contracts
that come with import-linter refuse to name a module that does not exist, and can forbid libraries only by listing
them. Rule. `knows` lists what a part may import directly (a whitelist, so a library added next year is refused
too); `known_by` lists who may import something; `private` keeps `_modules` inside their own package. Only direct
imports count: who keeps to its whitelist knows no more than those on it know.

Example. `zhangshi.base` with `may_know = []` may import the standard library and nothing else.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from importlinter import Contract, ContractCheck, fields, output

if TYPE_CHECKING:
    from grimp import ImportGraph


def _is_within(module: str, packages: Iterable[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def _matching(graph: "ImportGraph", expressions: Iterable[str]) -> set[str]:
    """Return the modules that the expressions name, and all below them; a name that does not exist yet names none."""
    named: set[str] = set()
    for expression in expressions:
        named |= graph.find_matching_modules(expression) if "*" in expression else {expression}
    return {module for module in graph.modules if _is_within(module, named)}


class _DirectImportContract(Contract):
    """A contract that is broken by single import lines, each of which it names."""

    def find_illegal_imports(self, graph: "ImportGraph") -> Iterator[tuple[str, str]]:
        """Yield (importer, imported) of each import that breaks the contract."""
        raise NotImplementedError

    def check(self, graph: "ImportGraph", verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001  their signature
        illegal = [
            f"{importer} imports {imported} (line {detail['line_number']})"
            for importer, imported in sorted(self.find_illegal_imports(graph))
            for detail in graph.get_import_details(importer=importer, imported=imported)
        ]
        return ContractCheck(kept=not illegal, metadata={"illegal": illegal})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["illegal"]:
            output.print_error(line)


class KnowsContract(_DirectImportContract):
    """`modules` import nothing but themselves, `may_know`, and the standard library less `never`."""

    modules = fields.ListField(subfield=fields.StringField())
    may_know = fields.ListField(subfield=fields.StringField())
    never = fields.ListField(subfield=fields.StringField(), required=False, default=())

    def find_illegal_imports(self, graph: "ImportGraph") -> Iterator[tuple[str, str]]:
        """Yield every import beyond `may_know` and the standard library, and every `never`."""
        modules = _strings(self.modules)
        allowed, never = (*modules, *_strings(self.may_know)), _strings(self.never)
        for importer in _matching(graph, modules):
            for imported in graph.find_modules_directly_imported_by(importer):
                is_standard = imported.partition(".")[0] in sys.stdlib_module_names
                if _is_within(imported, never) or not (is_standard or _is_within(imported, allowed)):
                    yield importer, imported


class KnownByContract(_DirectImportContract):
    """Nobody but `importers` (and the modules themselves) imports `modules`."""

    modules = fields.ListField(subfield=fields.StringField())
    importers = fields.ListField(subfield=fields.StringField())

    def find_illegal_imports(self, graph: "ImportGraph") -> Iterator[tuple[str, str]]:
        """Yield every import by somebody who is not on the list."""
        modules = _matching(graph, _strings(self.modules))
        permitted = modules | _matching(graph, _strings(self.importers))
        for imported in modules:
            for importer in graph.find_modules_that_directly_import(imported) - permitted:
                yield importer, imported


class PrivateContract(_DirectImportContract):
    """A module whose name begins with `_` is imported only from within the package that holds it."""

    root = fields.StringField()

    def find_illegal_imports(self, graph: "ImportGraph") -> Iterator[tuple[str, str]]:
        """Yield every import of a private module from outside its package."""
        for imported in _matching(graph, [str(self.root)]):
            owner = _owner_of_private(imported)
            if owner is not None:
                for importer in graph.find_modules_that_directly_import(imported):
                    if not _is_within(importer, [owner]):
                        yield importer, imported


def _owner_of_private(module: str) -> str | None:
    """Return the package outside of which `module` is nobody's business: a.b for a.b._store.rows; None if public."""
    names = module.split(".")
    for index, name in enumerate(names):
        if name.startswith("_") and not name.startswith("__"):
            return ".".join(names[:index])
    return None


def _strings(option: object) -> Sequence[str]:
    """Return what a list option was parsed to (import-linter types its options as fields)."""
    assert isinstance(option, list | tuple)
    return [str(entry) for entry in option]
