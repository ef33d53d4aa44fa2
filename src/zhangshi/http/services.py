"""The services that the routes call, one set for each opened company; `bootstrap` wires them."""

from dataclasses import dataclass

from zhangshi.packs.ports import SeedPlayer
from zhangshi.records.exporting.service import Exporter
from zhangshi.records.files.model import FileStorage
from zhangshi.records.files.service import Files
from zhangshi.records.reader import RecordReader
from zhangshi.records.saved_views import SavedViews
from zhangshi.records.service.records import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What carries out requests."""

    records: Records
    reader: RecordReader
    files: Files
    exporter: Exporter
    views: SavedViews
    storage: FileStorage
    seeds: SeedPlayer | None = None
