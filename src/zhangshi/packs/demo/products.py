"""What the factory makes: families of products, each a bill of four levels (product → assembly → part → metal)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhangshi.packs.demo.materials import Good, materials


@dataclass(frozen=True, slots=True)
class Line:
    """So much of a component for one parent; `scrap` as a ratio."""

    component: str
    quantity: Decimal
    scrap: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Bill:
    """The bill of one item."""

    item: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Goods:
    """All items of the factory and all its bills, components before what is made of them."""

    items: tuple[Good, ...]
    bills: tuple[Bill, ...]
    processes: dict[str, tuple[str, ...]]
    """The operations by which an item is made, by their codes."""


class _Workshop:
    """Numbers parts, assemblies and products as they are designed."""

    def __init__(self) -> None:
        self.items: list[Good] = materials()
        self.bills: list[Bill] = []
        self.processes: dict[str, tuple[str, ...]] = {}
        self._counts = {"LJ": 0, "ZJ": 0, "CP": 0}
        self._bought = {(good.name, good.spec): good for good in self.items}
        self._cost = {good.code: good.price for good in self.items}

    def bought(self, name: str, spec: str) -> str:
        """Return the code of a bought item."""
        return self._bought[name, spec].code

    def make(
        self,
        prefix: str,
        name: str,
        spec: str,
        lines: Sequence[tuple[str, str, str]],
        how: Sequence[str],
        unit: str = "pcs",
    ) -> str:
        """Design an item of (component, quantity, scrap) lines and return its code."""
        self._counts[prefix] += 1
        code = f"{prefix}-{self._counts[prefix]:04}"
        bill = Bill(code, tuple(Line(one, Decimal(quantity), Decimal(scrap)) for one, quantity, scrap in lines))
        material = sum((self._cost[line.component] * line.quantity for line in bill.lines), Decimal(0))
        self._cost[code] = material + Decimal("0.35") * len(how)
        price = (self._cost[code] * Decimal("1.45")).quantize(Decimal("0.1")) if prefix == "CP" else Decimal(0)
        safety = 50 if prefix == "CP" else 100 if prefix == "ZJ" else 200
        self.items.append(Good(code, name, spec, prefix, unit, price, "", "made", safety, 10 if prefix == "CP" else 5))
        self.bills.append(bill)
        self.processes[code] = tuple(how)
        return code


STAMPING, TURNING, MILLING, CASTING, SPRING = "CY", "CX", "XC", "YZ", "TH"
POLISHING, COATING, PLATING, ASSEMBLY, PACKING = "PG", "PT", "DD", "ZP", "BZ"
FINISHES = ("哑黑", "砂银", "拉丝不锈钢")


def goods() -> Goods:
    """Return the whole range. Pure: the same every time."""
    shop = _Workshop()
    _locks(shop)
    _hinges(shop)
    _handles(shop)
    _stops(shop)
    _closers(shop)
    return Goods(tuple(shop.items), tuple(shop.bills), shop.processes)


def _lock_body(shop: _Workshop, size: str) -> str:
    """锁体: the assembly inside every lock of one size."""
    sheet = shop.bought("冷轧钢板", "1.5×1250×2500")
    thin = shop.bought("镀锌钢板", "1.2×1250×2500")
    square = shop.bought("方钢", "8×8")
    wire = shop.bought("弹簧钢丝", "Φ1.0")
    zinc = shop.bought("锌合金锭", "ZAMAK-3")
    screw = shop.bought("十字槽盘头螺钉", "GB/T 818 M4×8 镀锌")
    case = shop.make("LJ", "锁体底壳", size, [(sheet, "0.186", "0.04")], [STAMPING, PLATING])
    cover = shop.make("LJ", "锁体盖板", size, [(thin, "0.124", "0.04")], [STAMPING])
    bolt = shop.make("LJ", "方舌", f"{size} 8mm", [(square, "0.068", "0.06")], [MILLING, PLATING])
    latch = shop.make("LJ", "斜舌", size, [(zinc, "0.042", "0.03")], [CASTING, POLISHING])
    fork = shop.make("LJ", "拨叉", size, [(zinc, "0.026", "0.03")], [CASTING])
    spring = shop.make("LJ", "复位扭簧", f"{size} Φ1.0", [(wire, "0.006", "0.02")], [SPRING])
    tongues = shop.make("ZJ", "舌组件", size, [(bolt, "1", "0"), (latch, "1", "0"), (spring, "2", "0.01")], [ASSEMBLY])
    lines = [(case, "1", "0"), (cover, "1", "0"), (tongues, "1", "0"), (fork, "1", "0"), (screw, "4", "0.02")]
    return shop.make("ZJ", "锁体总成", size, lines, [ASSEMBLY], "tao")


def _lock_handle(shop: _Workshop, model: str, finish: str) -> str:
    zinc = shop.bought("锌合金锭", "ZAMAK-3")
    steel = shop.bought("不锈钢板", "1.0×1219×2438 2B")
    bush = shop.bought("POM轴套", "Φ14×8")
    ring = shop.bought("轴用弹性挡圈", "GB/T 894 10")
    lever = shop.make(
        "LJ", "执手", f"{model} {finish}", [(zinc, "0.215", "0.03")], _finished([CASTING, POLISHING], finish)
    )
    plate = shop.make("LJ", "面板", f"{model} {finish}", [(steel, "0.318", "0.05")], _finished([STAMPING], finish))
    return shop.make(
        "ZJ", "执手面板组件", f"{model} {finish}",
        [(lever, "1", "0"), (plate, "1", "0"), (bush, "1", "0"), (ring, "1", "0.01")], [ASSEMBLY], "tao",
    )  # fmt: skip


def _finished(how: list[str], finish: str) -> list[str]:
    return [*how, COATING if finish != "拉丝不锈钢" else POLISHING]


def _locks(shop: _Workshop) -> None:
    bodies = {size: _lock_body(shop, size) for size in ("5850", "6068", "7255")}
    box, tray = shop.bought("彩盒", "门锁A款 350g白卡"), shop.bought("内托", "门锁 吸塑")
    leaflet, key = shop.bought("说明书", "门锁 A5 铜版"), shop.bought("钥匙", "电脑匙 镀镍")
    square, label = shop.bought("方钢", "8×8"), shop.bought("条码标签", "40×30 铜版不干胶")
    spindle = shop.make("LJ", "方轴", "8×8×110", [(square, "0.056", "0.03")], [MILLING, PLATING])
    screw = shop.bought("十字槽沉头螺钉", "GB/T 819 M5×20 镀锌")
    cylinders = (("5850", "双开 65mm B级"), ("6068", "双开 70mm B级"), ("7255", "双开 75mm C级"))
    for model, (size, cylinder) in zip(("ZS-101", "ZS-102", "ZS-103"), cylinders, strict=True):
        for finish in FINISHES:
            handle = _lock_handle(shop, model, finish)
            lines = [
                (bodies[size], "1", "0"), (handle, "2", "0"), (shop.bought("锁芯", cylinder), "1", "0"),
                (spindle, "1", "0"), (key, "5", "0"), (screw, "6", "0.02"), (box, "1", "0.01"), (tray, "1", "0.01"),
                (leaflet, "1", "0.01"), (label, "1", "0.02"),
            ]  # fmt: skip
            shop.make("CP", f"室内门锁 {model}", f"{size} {finish}", lines, [ASSEMBLY, PACKING], "tao")


def _hinges(shop: _Workshop) -> None:
    pin_bar, box = shop.bought("不锈钢棒", "Φ8"), shop.bought("彩盒", "合页 350g白卡")
    leaflet, bag = shop.bought("说明书", "合页 A5 铜版"), shop.bought("PE袋", "15×25 8丝")
    screw, ball = shop.bought("A型螺丝钉", "ST4.2×25 自攻"), shop.bought("钢球", "Φ4.0 G100")
    plates = {"2.0": "2.0×1219×2438 2B", "3.0": "3.0×1219×2438 2B"}
    for size, weight in (("3寸", "0.062"), ("4寸", "0.104"), ("5寸", "0.156")):
        pin = shop.make("LJ", "合页轴", size, [(pin_bar, "0.034", "0.03")], [TURNING])
        for thick, sheet in plates.items():
            steel = shop.bought("不锈钢板", sheet)
            heavy = str(Decimal(weight) * Decimal(thick) / 2)
            left = shop.make("LJ", "合页左片", f"{size} {thick}", [(steel, heavy, "0.05")], [STAMPING, POLISHING])
            right = shop.make("LJ", "合页右片", f"{size} {thick}", [(steel, heavy, "0.05")], [STAMPING, POLISHING])
            knuckle = shop.make(
                "ZJ", "合页轴芯组件", f"{size} {thick}", [(pin, "1", "0"), (ball, "4", "0.02")], [ASSEMBLY]
            )
            pair = shop.make(
                "ZJ",
                "合页单片组件",
                f"{size} {thick}",
                [(left, "1", "0"), (right, "1", "0"), (knuckle, "1", "0")],
                [ASSEMBLY],
            )
            lines = [
                (pair, "2", "0"),
                (screw, "16", "0.02"),
                (bag, "1", "0.01"),
                (leaflet, "1", "0.01"),
                (box, "1", "0.01"),
            ]
            shop.make("CP", "不锈钢轴承合页", f"{size} {thick}mm 2片装", lines, [PACKING], "he")


def _handles(shop: _Workshop) -> None:
    box, tray = shop.bought("彩盒", "拉手 350g白卡"), shop.bought("内托", "拉手 吸塑")
    screw = shop.bought("内六角圆柱头螺钉", "GB/T 70.1 M6×20")
    tube, bar = shop.bought("铝型材", "圆管Φ25×1.2"), shop.bought("圆钢", "Φ16")
    for length, weight in ((300, "0.098"), (600, "0.190"), (900, "0.284"), (1200, "0.378")):
        foot = shop.make("LJ", "拉手脚", f"{length} Φ16", [(bar, "0.092", "0.04")], [TURNING, PLATING])
        for finish in FINISHES[:2]:
            grip = shop.make("LJ", "拉手管", f"{length} {finish}", [(tube, weight, "0.03")], [MILLING, COATING])
            body = shop.make(
                "ZJ", "拉手总成", f"{length} {finish}", [(grip, "1", "0"), (foot, "2", "0")], [ASSEMBLY], "dui"
            )
            lines = [(body, "1", "0"), (screw, "4", "0.02"), (box, "1", "0.01"), (tray, "1", "0.01")]
            shop.make("CP", "玻璃门拉手", f"{length}mm {finish}", lines, [PACKING], "dui")


def _stops(shop: _Workshop) -> None:
    zinc, magnet = shop.bought("锌合金锭", "ZAMAK-3"), shop.bought("磁铁", "Φ15×5 N35")
    box, screw = shop.bought("彩盒", "门吸 350g白卡"), shop.bought("A型螺丝钉", "ST4.8×38 自攻")
    pad, wire = shop.bought("缓冲垫", "Φ12 自粘"), shop.bought("不锈钢弹簧丝", "Φ1.0")
    spring = shop.make("LJ", "门吸弹簧", "Φ1.0", [(wire, "0.004", "0.02")], [SPRING])
    for model in ("地装", "墙装"):
        for finish in FINISHES[:2]:
            base = shop.make(
                "LJ", "门吸座", f"{model} {finish}", [(zinc, "0.118", "0.03")], [CASTING, POLISHING, COATING]
            )
            head = shop.make("LJ", "门吸头", f"{model} {finish}", [(zinc, "0.056", "0.03")], [CASTING, COATING])
            catch = shop.make(
                "ZJ",
                "吸合组件",
                f"{model} {finish}",
                [(head, "1", "0"), (magnet, "1", "0"), (spring, "1", "0")],
                [ASSEMBLY],
            )
            lines = [(catch, "1", "0"), (base, "1", "0"), (pad, "1", "0"), (screw, "3", "0.02"), (box, "1", "0.01")]
            shop.make("CP", f"{model}门吸", finish, lines, [ASSEMBLY, PACKING], "he")


def _closers(shop: _Workshop) -> None:
    steel, bar = shop.bought("冷轧钢板", "3.0×1250×2500"), shop.bought("圆钢", "Φ20")
    box, tray = shop.bought("彩盒", "闭门器 350g白卡"), shop.bought("内托", "闭门器 吸塑")
    leaflet, oil = shop.bought("说明书", "闭门器 A5 铜版"), shop.bought("液压油", "15# 闭门器专用")
    screw, seal = shop.bought("十字槽沉头螺钉", "GB/T 819 M6×20 镀锌"), shop.bought("硅胶密封圈", "Φ22")
    powers = (("45kg", "0.236"), ("65kg", "0.264"), ("85kg", "0.298"))
    arms = {
        power: shop.make("LJ", "摇臂", power, [(steel, weight, "0.05")], [STAMPING, COATING])
        for power, weight in powers
    }
    for gear in ("2档", "3档"):
        for power, arm in arms.items():
            rack = shop.make("LJ", "齿条活塞", f"{gear} {power}", [(bar, "0.382", "0.06")], [TURNING, MILLING])
            cylinder = shop.bought("液压缸体", f"铝压铸 {gear}")
            core = shop.make(
                "ZJ", "液压缸组件", f"{gear} {power}",
                [(cylinder, "1", "0"), (rack, "1", "0"), (seal, "2", "0.02"), (oil, "0.08", "0.01")], [ASSEMBLY], "tao",
            )  # fmt: skip
            body = shop.make(
                "ZJ", "闭门器总成", f"{gear} {power}", [(core, "1", "0"), (arm, "2", "0")], [ASSEMBLY], "tao"
            )
            lines = [
                (body, "1", "0"),
                (screw, "6", "0.02"),
                (box, "1", "0.01"),
                (tray, "1", "0.01"),
                (leaflet, "1", "0.01"),
            ]
            shop.make("CP", "液压闭门器", f"{gear} {power}", lines, [PACKING], "tai")


def levels(of: Goods) -> dict[str, int]:
    """Return the level of each made item: 1 is made of bought things only."""
    found: dict[str, int] = {}
    for bill in of.bills:  # components come first
        found[bill.item] = 1 + max(found.get(line.component, 0) for line in bill.lines)
    return found


def sold(of: Goods) -> Iterator[Good]:
    """Yield what customers buy."""
    return (good for good in of.items if good.category == "CP")
