"""An opened company with everything that its forms need: what demos, checks and shells are handed by `bootstrap`."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.packs.seeding import RecordsSeedPlayer
from zhangshi.platform.unit_of_work import Company
from zhangshi.records.reader import RecordReader
from zhangshi.records.service.records import Records


@dataclass(frozen=True, slots=True)
class Shop:
    """One set of services over one opened company; safe to share between threads."""

    company: Company
    catalogs: Catalogs
    records: Records
    reader: RecordReader
    seeds: RecordsSeedPlayer
    zone: ZoneInfo
    """Of the company: what day it is there."""
