"""Who the factory deals with, and who works there. All names are made up."""

from dataclasses import dataclass

from zhangshi.packs.demo.draw import Draw


@dataclass(frozen=True, slots=True)
class Partner:
    """A supplier or a customer; `supplies` names the categories of goods that a supplier sells."""

    code: str
    name: str
    short_name: str
    phone: str
    address: str
    payment_days: int
    supplies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody who works there; `team` is the code of a department."""

    code: str
    name: str
    team: str
    job: str
    login: str = ""
    roles: tuple[str, ...] = ()


DEPARTMENTS = (
    ("ZJB", "总经办", ""), ("XSB", "销售部", ""), ("CGB", "采购部", ""), ("JHB", "计划部", ""), ("JSB", "技术部", ""),
    ("ZLB", "质检部", ""), ("CKB", "仓储部", ""), ("CWB", "财务部", ""), ("SCB", "生产部", ""), ("CYJ", "冲压车间", "SCB"),
    ("JJJ", "机加车间", "SCB"), ("YZJ", "压铸车间", "SCB"), ("BMJ", "表面处理车间", "SCB"), ("ZPJ", "装配车间", "SCB"),
)  # fmt: skip

_SUPPLIERS = (
    (("JS",), ("瓯海鑫达钢材", "龙湾永兴金属材料", "乐清宏钢贸易", "温州港联不锈钢", "佛山南海恒通不锈钢", "宁波甬锌有色金属", "永康铜诚铜业", "瑞安塘下铝业",
               "温州锦程弹簧钢丝", "海宁万泰特钢")),
    (("BZ",), ("温州东瓯标准件", "嘉善固力紧固件", "瑞安恒固螺丝", "永年冀固标准件", "海盐精工紧固件", "瑞安国华弹性件", "宁波轴力钢球")),
    (("FL",), ("温州奥林化工", "瓯海绿源表面处理材料", "上海申润润滑油温州经营部", "东莞彩虹粉末涂料", "乐清正洁清洗剂")),
    (("BC",), ("温州瓯印包装", "苍南龙港彩印", "平阳鳌江纸箱", "龙湾华彩吸塑", "苍南新图标签")),
    (("WG",), ("浦江锁芯精密", "中山小榄锁业配件", "余姚塑宏塑料制品", "慈溪远橡密封件", "永嘉桥下钥匙", "东阳横店磁材", "佛山力泰液压", "宁海海工压铸")),
    (("BZ", "WG"), ("温州五金市场联诚商行", "乐清柳市瓯通机电", "义乌恒发五金批发")),
    (("FL", "BC"), ("温州瓯江劳保用品", "瑞安万达包装物资")),
)  # fmt: skip

_CUSTOMER_PLACES = ("杭州", "宁波", "金华", "台州", "嘉兴", "上海", "苏州", "无锡", "南京", "合肥", "福州", "厦门", "南昌", "广州", "佛山",
                    "东莞", "深圳", "武汉", "长沙", "郑州", "济南", "青岛", "成都", "重庆", "西安")  # fmt: skip
_CUSTOMER_WORDS = ("安居", "鸿雁", "博美", "金冠", "亿门", "宏图", "瑞福", "佳筑", "恒信", "美嘉", "德诚", "乐家", "中筑", "百盛", "欧雅", "丰华",
                   "华泰", "新城", "永固", "万和")  # fmt: skip
_CUSTOMER_KINDS = ("门业", "建材", "五金", "家居", "装饰工程", "木门", "幕墙", "五金贸易")

_SURNAMES = "陈林黄张叶王周李吴郑胡徐金潘朱戴谢项夏蔡邵包"
_GIVEN = ("建国", "小丽", "晓燕", "海波", "建平", "秀芬", "志强", "伟", "敏", "丽娜", "国庆", "爱华", "永康", "文斌", "素珍", "德胜", "光明", "春梅",
          "立新", "少华", "美玲", "向东", "荣华", "海燕", "正义", "小军", "阿华", "婷婷", "俊杰", "永强")  # fmt: skip

_OFFICE = (
    ("ZJB", "总经理", "boss", ("owner",)), ("ZJB", "行政兼信息", "clerk", ("clerk",)),
    ("XSB", "销售经理", "sales1", ("sales",)), ("XSB", "销售员", "sales2", ("sales",)), ("XSB", "跟单员", "", ()),
    ("CGB", "采购主管", "buyer1", ("buyer",)), ("CGB", "采购员", "buyer2", ("buyer",)),
    ("JHB", "计划员", "planner", ("planner",)), ("JSB", "技术员", "tech", ("technician",)), ("JSB", "绘图员", "", ()),
    ("ZLB", "质检主管", "qc1", ("inspector",)), ("ZLB", "检验员", "qc2", ("inspector",)),
    ("CKB", "原料仓管", "store1", ("storekeeper",)), ("CKB", "半成品仓管", "store2", ("storekeeper",)),
    ("CKB", "成品仓管", "store3", ("storekeeper",)), ("CWB", "会计", "account", ("accountant",)), ("CWB", "出纳", "cashier", ("accountant",)),
)  # fmt: skip
_SHOPS = (
    ("CYJ", "冲压工", 14),
    ("JJJ", "机加工", 12),
    ("YZJ", "压铸工", 8),
    ("BMJ", "抛光工", 12),
    ("ZPJ", "装配工", 17),
)


def suppliers(draw: Draw) -> list[Partner]:
    """Return 40 suppliers."""
    named = [(name, supplies) for supplies, names in _SUPPLIERS for name in names]
    return [
        Partner(f"GY{place:04}", f"{name}有限公司", name, _phone(draw), f"浙江省温州市{draw.one_of(('瓯海区', '龙湾区', '乐清市', '瑞安市'))}",
                draw.one_of((15, 30, 30, 45, 60)), supplies)
        for place, (name, supplies) in enumerate(named, start=1)
    ]  # fmt: skip


def customers(draw: Draw) -> list[Partner]:
    """Return 60 customers with different names."""
    found: dict[str, Partner] = {}
    while len(found) < 60:
        place = draw.one_of(_CUSTOMER_PLACES)
        name = f"{place}{draw.one_of(_CUSTOMER_WORDS)}{draw.one_of(_CUSTOMER_KINDS)}"
        if name not in found:
            code = f"KH{len(found) + 1:04}"
            days = draw.one_of((0, 30, 30, 45, 60))
            found[name] = Partner(code, f"{name}有限公司", name, _phone(draw), f"{place}市工业园区", days)
    return list(found.values())


def employees(draw: Draw) -> list[Employee]:
    """Return the 80 people, the office first; a team leader opens each shop."""
    names = _names(draw, 80)
    found: list[Employee] = []
    for team, job, login, roles in _OFFICE:
        found.append(Employee(f"Y{len(found) + 1:04}", names[len(found)], team, job, login, roles))
    for place, (team, job, count) in enumerate(_SHOPS, start=1):
        for index in range(count):
            login, roles = (f"leader{place}", ("team_leader",)) if index == 0 else ("", ())
            found.append(
                Employee(f"Y{len(found) + 1:04}", names[len(found)], team, "班组长" if login else job, login, roles)
            )
    return found


def _names(draw: Draw, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[draw.one_of(_SURNAMES) + draw.one_of(_GIVEN)] = None
    return list(found)


def _phone(draw: Draw) -> str:
    return f"13{draw.below(10)}{draw.between(10_000_000, 99_999_999)}"
