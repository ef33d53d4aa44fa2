"""What the factory buys: metal, standard parts, auxiliaries, packing. Prices are of the order of a Wenzhou buyer's list."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Good:
    """An item of the factory; `price` is what a unit costs (bought) or sells for (sold), in yuan, tax included."""

    code: str
    name: str
    spec: str
    category: str
    unit: str
    price: Decimal
    material: str = ""
    source: str = "purchased"
    safety_stock: int = 0
    lead_time_days: int = 7


@dataclass(frozen=True, slots=True)
class Category:
    """A category and the prefix of its codes."""

    code: str
    name: str
    prefix: str
    tracking: str = "none"
    inspection: bool = True


CATEGORIES = (
    Category("JS", "金属材料", "JX", tracking="lot"),
    Category("BZ", "标准件", "BZ"),
    Category("FL", "辅料", "FL", inspection=False),
    Category("BC", "包装材料", "BC", inspection=False),
    Category("WG", "外购件", "WG"),
    Category("LJ", "自制零件", "LJ", inspection=False),
    Category("ZJ", "组件", "ZJ", inspection=False),
    Category("CP", "成品", "CP", inspection=False),
)


def materials() -> list[Good]:
    """Return everything that is bought, codes in order within each category."""
    return [*_metals(), *_standard_parts(), *_auxiliaries(), *_packing(), *_bought_parts()]


def _numbered(prefix: str, category: str, rows: list[tuple[str, str, str, str, str, int, int]]) -> list[Good]:
    return [
        Good(f"{prefix}-{place:04}", name, spec, category, unit, Decimal(price), material, safety_stock=safety,
             lead_time_days=days)
        for place, (name, spec, unit, price, material, safety, days) in enumerate(rows, start=1)
    ]  # fmt: skip


def _metals() -> list[Good]:
    rows = [
        ("冷轧钢板", f"{thick}×1250×2500", "kg", price, "SPCC", 800, 5)
        for thick, price in (("0.8", "4.86"), ("1.0", "4.78"), ("1.2", "4.72"), ("1.5", "4.70"), ("2.0", "4.66"),
                             ("2.5", "4.66"), ("3.0", "4.62"))
    ]  # fmt: skip
    rows += [
        ("镀锌钢板", f"{thick}×1250×2500", "kg", price, "SGCC", 500, 6)
        for thick, price in (("1.0", "5.20"), ("1.2", "5.16"), ("1.5", "5.12"))
    ]
    rows += [
        ("不锈钢板", f"{thick}×1219×2438 2B", "kg", price, "SUS304", 400, 7)
        for thick, price in (("0.8", "15.60"), ("1.0", "15.40"), ("1.2", "15.20"), ("1.5", "15.10"), ("2.0", "14.90"),
                             ("3.0", "14.80"))
    ]  # fmt: skip
    rows += [("不锈钢棒", f"Φ{size}", "kg", "17.50", "SUS303", 120, 10) for size in (4, 5, 6, 8, 10, 12, 16)]
    rows += [("圆钢", f"Φ{size}", "kg", "4.35", "45#", 200, 5) for size in (6, 8, 10, 12, 14, 16, 18, 20, 25)]
    rows += [("方钢", f"{size}×{size}", "kg", "4.95", "45#", 150, 6) for size in (6, 7, 8, 9)]
    rows += [("黄铜棒", f"Φ{size}", "kg", "52.80", "HPb59-1", 80, 7) for size in (6, 8, 10, 12, 15, 18)]
    rows += [("黄铜带", f"{size}×200", "kg", "56.40", "H62", 60, 8) for size in ("0.5", "0.8", "1.0")]
    rows += [("铝型材", spec, "kg", "22.30", "6063-T5", 150, 12) for spec in ("20×20", "30×15", "40×20", "圆管Φ25×1.2")]
    rows += [
        ("锌合金锭", "ZAMAK-3", "kg", "24.60", "ZnAl4", 600, 5),
        ("锌合金锭", "ZAMAK-5", "kg", "25.40", "ZnAl4Cu1", 300, 5),
    ]
    rows += [("弹簧钢丝", f"Φ{size}", "kg", "9.80", "65Mn", 40, 9) for size in ("0.6", "0.8", "1.0", "1.2", "1.5")]
    rows += [("不锈钢弹簧丝", f"Φ{size}", "kg", "32.00", "SUS302", 20, 9) for size in ("0.5", "0.8", "1.0")]
    return _numbered("JX", "JS", rows)


def _standard_parts() -> list[Good]:
    rows = [
        ("十字槽盘头螺钉", f"GB/T 818 M{size} 镀锌", "pcs", price, "4.8级", 3000, 4)
        for size, price in (("3×6", "0.018"), ("3×8", "0.020"), ("4×8", "0.026"), ("4×10", "0.028"), ("4×12", "0.031"),
                            ("5×10", "0.042"), ("5×16", "0.052"), ("6×12", "0.078"))
    ]  # fmt: skip
    rows += [
        ("十字槽沉头螺钉", f"GB/T 819 M{size} 镀锌", "pcs", price, "4.8级", 3000, 4)
        for size, price in (
            ("4×10", "0.027"),
            ("4×16", "0.034"),
            ("5×16", "0.050"),
            ("5×20", "0.058"),
            ("6×20", "0.092"),
        )
    ]
    rows += [
        ("内六角圆柱头螺钉", f"GB/T 70.1 M{size}", "pcs", price, "8.8级", 1500, 5)
        for size, price in (("4×12", "0.085"), ("5×16", "0.120"), ("6×20", "0.180"), ("8×25", "0.320"))
    ]
    rows += [
        ("A型螺丝钉", f"ST{size} 自攻", "pcs", price, "C1022A", 5000, 4)
        for size, price in (("3.5×16", "0.022"), ("3.9×19", "0.028"), ("4.2×25", "0.036"), ("4.8×38", "0.058"))
    ]
    rows += [("六角螺母", f"GB/T 6170 M{size}", "pcs", price, "8级", 2000, 4)
             for size, price in ((3, "0.015"), (4, "0.020"), (5, "0.030"), (6, "0.046"), (8, "0.098"))]  # fmt: skip
    rows += [("平垫圈", f"GB/T 97.1 {size}", "pcs", price, "140HV", 3000, 4)
             for size, price in ((4, "0.008"), (5, "0.010"), (6, "0.014"), (8, "0.026"))]  # fmt: skip
    rows += [("弹簧垫圈", f"GB/T 93 {size}", "pcs", price, "65Mn", 3000, 4)
             for size, price in ((4, "0.010"), (5, "0.012"), (6, "0.018"))]  # fmt: skip
    rows += [("圆柱销", f"GB/T 119.1 {size}", "pcs", price, "35#", 1000, 6)
             for size, price in (("3×12", "0.11"), ("4×16", "0.16"), ("5×20", "0.24"))]  # fmt: skip
    rows += [("钢球", f"Φ{size} G100", "pcs", price, "GCr15", 2000, 8)
             for size, price in (("3.0", "0.035"), ("4.0", "0.048"), ("5.0", "0.070"))]  # fmt: skip
    rows += [("轴用弹性挡圈", f"GB/T 894 {size}", "pcs", "0.045", "65Mn", 1500, 6) for size in (6, 8, 10)]
    rows += [("抽芯铆钉", f"GB/T 12618 {size}", "pcs", "0.038", "铝", 2000, 5) for size in ("3.2×8", "4×10")]
    return _numbered("BZ", "BZ", rows)


def _auxiliaries() -> list[Good]:
    rows = [
        ("润滑脂", "2# 锂基 15kg", "kg", "16.80", "", 15, 5), ("防锈油", "F20-1", "kg", "12.50", "", 40, 5),
        ("切削液", "乳化型 18L", "kg", "9.60", "", 40, 5), ("金刚砂布轮", "Φ250 320#", "pcs", "28.00", "", 20, 8),
        ("抛光蜡", "白色 1.2kg", "kg", "14.50", "", 10, 6), ("环氧粉末涂料", "哑黑 RAL9005", "kg", "21.50", "", 80, 7),
        ("环氧粉末涂料", "砂银", "kg", "23.80", "", 60, 7), ("电泳漆", "黑色阴极", "kg", "34.00", "", 30, 10),
        ("镀锌光亮剂", "无氰", "kg", "18.20", "", 20, 10), ("脱脂剂", "常温型", "kg", "8.40", "", 50, 7),
    ]  # fmt: skip
    return _numbered("FL", "FL", rows)


def _packing() -> list[Good]:
    rows = [("PE袋", f"{size} 8丝", "pcs", price, "", 2000, 4) for size, price in (
        ("10×15", "0.035"), ("15×25", "0.072"), ("25×35", "0.150"))]  # fmt: skip
    rows += [("彩盒", f"{name} 350g白卡", "pcs", price, "", 500, 8) for name, price in (
        ("门锁A款", "1.85"), ("门锁B款", "1.95"), ("合页", "0.92"), ("拉手", "1.10"), ("闭门器", "2.60"), ("门吸", "0.68"))]  # fmt: skip
    rows += [("内托", f"{name} 吸塑", "pcs", price, "", 500, 8) for name, price in (
        ("门锁", "0.62"), ("拉手", "0.48"), ("闭门器", "0.95"))]  # fmt: skip
    rows += [("外箱", f"{size} 五层", "pcs", price, "", 200, 5) for size, price in (
        ("420×320×280", "4.60"), ("520×350×300", "5.80"), ("600×400×350", "7.20"))]  # fmt: skip
    rows += [("说明书", f"{name} A5 铜版", "pcs", "0.18", "", 1000, 6) for name in ("门锁", "合页", "拉手", "闭门器")]
    rows += [("条码标签", "40×30 铜版不干胶", "pcs", "0.018", "", 5000, 3)]
    return _numbered("BC", "BC", rows)


def _bought_parts() -> list[Good]:
    rows = [
        ("锁芯", f"{kind} {length}mm {grade}级", "tao", price, "黄铜", 200, 12)
        for kind, length, grade, price in (("双开", 65, "B", "14.80"), ("双开", 70, "B", "15.20"), ("双开", 75, "C", "26.50"),
                                           ("单开旋钮", 70, "B", "17.60"), ("单开旋钮", 75, "C", "28.90"))
    ]  # fmt: skip
    rows += [("尼龙垫片", f"Φ{size}×1", "pcs", "0.06", "PA66", 2000, 8) for size in (8, 10, 14)]
    rows += [("POM轴套", f"Φ{size}", "pcs", "0.22", "POM", 1000, 10) for size in ("10×8", "14×8", "16×10")]
    rows += [("硅胶密封圈", f"Φ{size}", "pcs", "0.09", "VMQ", 1000, 8) for size in (16, 22, 30)]
    rows += [("钥匙", "电脑匙 镀镍", "pcs", "0.85", "黄铜", 500, 10), ("磁铁", "Φ15×5 N35", "pcs", "0.78", "NdFeB", 500, 9),
             ("液压缸体", "铝压铸 2档", "pcs", "18.60", "ADC12", 60, 18), ("液压缸体", "铝压铸 3档", "pcs", "21.40", "ADC12", 60, 18),
             ("缓冲垫", "Φ12 自粘", "pcs", "0.05", "PU", 2000, 6), ("液压油", "15# 闭门器专用", "kg", "19.50", "", 30, 12)]  # fmt: skip
    return _numbered("WG", "WG", rows)
