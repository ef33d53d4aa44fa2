"""One record with all its rows, and what its reader may do with it."""

from zhangshi.definitions.catalog import Entity
from zhangshi.records.access import RecordAccess
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.projecting import Shown
from zhangshi.records.reading.shapes import shape_of
from zhangshi.records.writing.cells import Linked

ACTIONS = ("edit", "delete", "print", "export", "comment", "attach")
ACCESS = "_access"
"""Key under which a record says what may be done with it: {"actions": […], "read_only": […], "masked": […]}."""


def detail(asking: Asking, entity: Entity, record_id: int) -> Shown:
    """Return a record as its reader may see it. Cost: a statement a table, then as a list of one.

    Raises: records.forbidden, records.not_found.
    """
    record = asking.record(entity, record_id)
    shape = shape_of(asking.catalog, entity, None, tuple(entity.tables))
    shown = asking.projector.show_all([record], shape)[0]
    shown[ACCESS] = access_shown(entity, record, asking.projector.access_of(record))
    return shown


def access_shown(entity: Entity, record: Linked, access: RecordAccess) -> Shown:
    """Return what the reader may do: the actions, the transitions that start here, and the fields that are locked."""
    life = entity.lifecycle
    steps = [] if life is None else [one for one in life.transitions.values() if record.state in one.sources]
    actions = [action for action in ACTIONS if access.may(action)]
    actions += [one.key for one in steps if not one.automatic and access.may(one.key)]
    paths = [key for key, one in entity.header.fields.items() if not one.retired]
    for table in entity.tables.values():
        paths += [f"{table.key}.{key}" for key, one in table.fields.items() if not one.retired]
    seen = [path for path in paths if access.read(path) != "none"]
    return {
        "actions": actions,
        "read_only": [path for path in seen if not access.may_write(path)],
        "masked": [path for path in seen if access.read(path) == "mask"],
    }
