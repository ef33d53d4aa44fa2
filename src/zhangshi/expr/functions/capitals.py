"""人民币大写金额: an amount in Chinese capitals, as banks want it on bills.

Rule (支付结算办法): digits 零壹贰叁肆伍陆柒捌玖 with 拾佰仟 inside groups of four, groups 万, 亿 and 万亿; one
零 for a run of zeros inside; a zero before 元 needs no 零 when jiao follow (the second of the two forms that the rule
allows); an amount without fen ends in 整; one without jiao has 零 before its fen. Negative amounts begin with 负.

Example. 1680.32 -> 壹仟陆佰捌拾元叁角贰分; 107000.53 -> 壹拾万零柒仟元伍角叁分; 0 -> 零元整;
16409.02 -> 壹万陆仟肆佰零玖元零贰分.
"""

from zhangshi.expr.arithmetic import Number, floor, half_up, moved_point
from zhangshi.expr.errors import OUT_OF_RANGE, Failed

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_GROUP = 10_000
_FEN_MAX = 10**18 - 1


def rmb(amount: Number) -> str:
    """Return the amount in capitals, rounded half up to fen. Raises Failed out_of_range above 16 digits of yuan."""
    fen = floor(moved_point(half_up(amount, 2), 2))
    if abs(fen) > _FEN_MAX:
        raise Failed(OUT_OF_RANGE, parameter="number", found=str(amount), least="-10^16", most="10^16")
    sign = "负" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    jiao, fen = divmod(rest, 10)
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{sign}{whole or '零元'}整"
    tenths = f"{_DIGITS[jiao]}角" if jiao else "零" if whole else ""
    return f"{sign}{whole}{tenths}{f'{_DIGITS[fen]}分' if fen else '整'}"


def _whole(yuan: int) -> str:
    text, above = "", 0
    for power in reversed(range(len(_GROUPS))):
        group = yuan // _GROUP**power % _GROUP
        if not group:
            continue
        higher = yuan // _GROUP ** (power + 1)
        zero = "零" if higher and (group < _GROUP // 10 or above % 10 == 0 or higher % _GROUP == 0) else ""
        text += f"{zero}{_four(group)}{_unit(power, yuan)}"
        above = group
    return text


def _unit(power: int, yuan: int) -> str:
    """万亿 is one word only where no 亿 of its own follows: 1,0002,0000,0000 is 壹万零贰亿."""
    if power == len(_GROUPS) - 1:
        return "万" if yuan // _GROUP**2 % _GROUP else "万亿"
    return _GROUPS[power]


def _four(group: int) -> str:
    text, pending = "", False
    for place in reversed(range(len(_PLACES))):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if pending and text else "") + _DIGITS[digit] + _PLACES[place]
            pending = False
        else:
            pending = True
    return text
