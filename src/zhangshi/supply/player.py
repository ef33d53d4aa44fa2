"""The part `bom`: a bill that closes a ring is refused when it becomes valid, with the numbers along the ring."""

from zhangshi.base.errors import ZhangshiError
from zhangshi.planning.errors import BOM_RING
from zhangshi.records.service.players import Played
from zhangshi.records.service.work import Work
from zhangshi.records.writing.fetching import fetch_once
from zhangshi.supply.bills import bills_of
from zhangshi.supply.service import ring_refused


def refuse_ring(work: Work, played: Played) -> None:
    """Check a saved bill that is valid. Raises: planning.bom_ring, with item numbers instead of ids."""
    bills = bills_of(work.catalog)
    record = played.document.record()
    if record.state != bills.state:
        return
    component = str(played.part.map.get("component", "component")).rpartition(".")[2]
    table = str(played.part.map.get("lines", "lines"))
    components = [row.values[component] for row in record.tables.get(table, [])]
    item = played.values.get("item")
    ids = [one for one in components if isinstance(one, int)]
    if not isinstance(item, int) or not ids:
        return
    try:
        ring_refused(work.uow.session, work.catalog, item_id=item, component_ids=ids, day=work.today)
    except ZhangshiError as error:
        raise _with_numbers(work, error) from error


def _with_numbers(work: Work, error: ZhangshiError) -> ZhangshiError:
    if error.error_code is not BOM_RING:
        return error
    ids = [int(one) for one in str(error.facts["path"]).split(" → ")]
    items = bills_of(work.catalog).items
    numbers = {one.id: str(one.get("number")) for one in fetch_once(work.session, work.world, items, ids)}
    return ZhangshiError(BOM_RING, path=" → ".join(numbers.get(one, str(one)) for one in ids))
