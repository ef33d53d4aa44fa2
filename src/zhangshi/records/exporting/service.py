"""Exports: the records of a list as a file, as one person may see them.

    request = ExportRequest(entity="item", format="xlsx", filter="active")
    answer, chunks = exporter.chunks(caller, request)                # a response
    answer = exporter.to_file(caller, request, file, progress=run)   # a task

Everything is of one snapshot. The rows go to a temporary file first: a reader who takes the file slowly over the
network does not keep a connection of the database waiting, and what is refused is refused before the first byte.
"""

import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import tzinfo
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.unit_of_work import Company
from zhangshi.records._store import importing as store
from zhangshi.records.access import access_to
from zhangshi.records.errors import UNKNOWN_ENTITY
from zhangshi.records.exporting import csv_rows, xlsx_rows
from zhangshi.records.exporting.columns import Cell, Layout, Names, layout_of
from zhangshi.records.model import Caller
from zhangshi.records.query import ListQuery
from zhangshi.records.reader import RecordReader

EXPORT = "export"
_STEPS = 1000
_CHUNK = 256 * 1024
Format = Literal["xlsx", "csv"]
MEDIA_TYPES: dict[Format, str] = {"xlsx": xlsx_rows.MEDIA_TYPE, "csv": csv_rows.MEDIA_TYPE}


class ExportRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Which records, in which order, with which columns.

    `columns`: header paths, `lines.quantity`, or `lines` for a whole table; None: every field of the header. With
    columns of a line table a record has a row for each line. `filter`: a formula as text or JSON tree, `sort`: paths,
    `-` falls.
    """

    entity: str
    format: Format = "xlsx"
    columns: tuple[str, ...] | None = None
    filter: str | dict[str, object] | None = None
    sort: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()


class ExportAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was written. `name` is a file name in the person's language."""

    entity: str
    name: str
    media_type: str
    records: int
    rows: int
    size: int


class Progress(Protocol):
    """Is told how far the work is; may stop it by raising. `TaskRun` is one."""

    def advance(self, done: int, total: int, message: str = "") -> None:
        """Tell that `done` of `total` records are written."""
        ...


class Exporter:
    """Exports records of one opened company. Safe to share between threads."""

    def __init__(self, *, company: Company, reader: RecordReader, zone: tzinfo) -> None:
        self._company = company
        self._reader = reader
        self._zone = zone

    def to_file(
        self, caller: Caller, request: ExportRequest, file: Path, *, progress: Progress | None = None
    ) -> ExportAnswer:
        """Write the export to `file`. With `progress` the records are counted first.

        Raises: records.unknown_entity, records.forbidden, records.not_found, export.column_unknown,
            export.too_many_rows; formula.* for the filter; what `progress` raises.
        """
        layout = self._layout(caller, request)
        counting = _Counting(progress, self._count(caller, request) if progress is not None else 0)
        with closing(self._rows(caller, request, layout, counting)) as rows:
            titles = [one.title for one in layout.columns]
            label = layout.entity.label.text(caller.language)
            if request.format == "xlsx":
                xlsx_rows.write_xlsx(file, sheet=label, titles=titles, rows=rows)
            else:
                with file.open("wb") as output:
                    output.writelines(csv_rows.csv_chunks(titles, rows))
        return ExportAnswer(
            entity=request.entity,
            name=f"{label}.{request.format}",
            media_type=MEDIA_TYPES[request.format],
            records=counting.records,
            rows=counting.rows,
            size=file.stat().st_size,
        )

    def chunks(self, caller: Caller, request: ExportRequest) -> tuple[ExportAnswer, Iterator[bytes]]:
        """Return what the export is and its bytes; the file behind them goes when they end or are closed."""
        folder = tempfile.TemporaryDirectory(prefix="zhangshi-export-")
        try:
            file = Path(folder.name, "export")
            answer = self.to_file(caller, request, file)
        except BaseException:
            folder.cleanup()
            raise
        return answer, _file_chunks(file, folder)

    def _layout(self, caller: Caller, request: ExportRequest) -> Layout:
        with self._company.read() as session:
            asking = self._reader.asking(session, caller)
            entity = asking.catalog.entities.get(request.entity)
            if entity is None:
                raise ZhangshiError(UNKNOWN_ENTITY, entity=request.entity)
            access_to(asking.catalog, entity.key, caller.person).refuse(EXPORT)
            names = Names(dict(session.query(store.LOGINS)), dict(session.query(store.DEPARTMENT_CODES)))
            return layout_of(entity, request.columns, language=caller.language, zone=self._zone, names=names)

    def _count(self, caller: Caller, request: ExportRequest) -> int:
        query = ListQuery(filter=request.filter, ids=request.ids, fields=(), limit=1, count=True)
        return self._reader.list(caller, request.entity, query).count or 0

    def _rows(
        self, caller: Caller, request: ExportRequest, layout: Layout, counting: "_Counting"
    ) -> Generator[list[Cell]]:
        query = ListQuery(
            filter=request.filter, sort=request.sort, ids=request.ids, fields=layout.fields, tables=layout.tables
        )
        with closing(self._reader.stream(caller, request.entity, query, action=EXPORT)) as found:
            for shown in found:
                for row in layout.rows(shown):
                    counting.rows += 1
                    yield row
                counting.record()
        counting.end()


class _Counting:
    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self.records = 0
        self.rows = 0

    def record(self) -> None:
        self.records += 1
        if self._progress is not None and self.records % _STEPS == 0:
            self._progress.advance(self.records, max(self._total, self.records))

    def end(self) -> None:
        if self._progress is not None:
            self._progress.advance(self.records, self.records)


def _file_chunks(file: Path, folder: "tempfile.TemporaryDirectory[str]") -> Iterator[bytes]:
    with folder, file.open("rb") as content:
        while chunk := content.read(_CHUNK):
            yield chunk
