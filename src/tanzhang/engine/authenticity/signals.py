"""The signals that a partner may send beside an act: what a device or a gate noticed.

One list for all packs, so that a name means one thing. A pack says which of them it reads; whatever
it does not read is dropped at the door. No signal is a place, a track or a device's own number:
tracks are summed up by the partner before they are sent, and tokens are kept as keyed hashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

#: A stored act has room for so many signals besides its device.
SIGNAL_SLOTS: Final = 12

#: No count or measure of a device is larger.
MOST: Final = 2**40


class SignalKind(Enum):
    """What a signal's value is."""

    NUMBER = "number"
    FLAG = "flag"  #: 0 or 1; a device claims it, so that no flag decides alone
    CHOICE = "choice"  #: one of listed words; stored as its place
    TOKEN = "token"  #: an opaque name; stored as a keyed hash


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal; ``values`` are the words of a choice, ``unit`` is for people."""

    kind: SignalKind
    zh: str
    en: str
    unit: str = ""
    values: tuple[str, ...] = ()


def _number(zh: str, en: str, unit: str = "") -> Signal:
    return Signal(SignalKind.NUMBER, zh, en, unit)


def _flag(zh: str, en: str) -> Signal:
    return Signal(SignalKind.FLAG, zh, en)


def _choice(zh: str, en: str, *values: str) -> Signal:
    return Signal(SignalKind.CHOICE, zh, en, values=values)


def _token(zh: str, en: str) -> Signal:
    return Signal(SignalKind.TOKEN, zh, en)


SIGNALS: Final[Mapping[str, Signal]] = MappingProxyType(
    {
        "recording": _choice(
            "记录方式", "how it was recorded", "unknown", "manual", "automatic", "active"
        ),
        "attestation": _choice(
            "设备真实性证明", "proof of a genuine device", "none", "software", "hardware"
        ),
        "device": _token("设备", "device"),
        "network": _token("网络", "network"),
        "vehicle": _token("车辆", "vehicle"),
        "place_from": _token("进站站点", "station of entry"),
        "place_to": _token("出站站点", "station of exit"),
        "payment": _token("支付账户", "account that paid"),
        "mock_location": _flag("模拟位置开关", "mock location switched on"),
        "emulator": _flag("模拟器", "emulator"),
        "developer_mode": _flag("开发者模式", "developer mode"),
        "origins": _number("计步来源数", "sources of steps"),
        "cadence_max": _number("最高步频", "highest cadence", "step/min"),
        "cadence_spread": _number("步频起伏", "spread of the cadence", "‰"),
        "active_min": _number("活动分钟数", "minutes on the move", "min"),
        "bouts": _number("步行段数", "walks of the day"),
        "places": _number("到过的区域数", "areas visited"),
        "displacement_m": _number("位置移动距离", "distance by location", "m"),
        "night_permille": _number("夜间步数占比", "share of steps at night", "‰"),
        "track_points": _number("轨迹点数", "points of the track"),
        "straight_permille": _number("轨迹直线度", "straightness of the track", "‰"),
        "stops": _number("停顿次数", "stops"),
        "jumps": _number("位置跳变次数", "jumps of the location"),
        "speed_max_mh": _number("最高速度", "highest speed", "m/h"),
        "speed_spread_permille": _number("速度起伏", "spread of the speed", "‰"),
        "motion_permille": _number("定位与运动传感器的一致度", "agreement of GPS and motion", "‰"),
        "pace_print": _token("速度变化摘要", "digest of the change of speed"),
        "gate": _choice("闸机记录", "gates passed", "none", "in", "out", "both"),
        "stations": _number("经过站数", "stations travelled"),
        "paid_fen": _number("实付金额", "amount paid", "fen"),
        "refunded_fen": _number("退款金额", "amount refunded", "fen"),
        "order_state": _choice(
            "订单状态", "state of the order", "placed", "paid", "delivered", "cancelled", "refunded"
        ),
        "meter_wh": _number("计量电量", "metered energy", "Wh"),
        "photo": _token("照片凭证", "photo evidence"),
    }
)
