"""Units: what a number counts, so that a formula cannot add metres to grams.

A unit is a product of powers of *dimensions* (m, s, Wh, g, fen, person, step, ride, …) and a size:
how many canonical units it is. Input values are integers in canonical units; factors may use any
unit written here (``g/km``, ``kg/kWh``, ``g/yuan``, ``%``), and every conversion is exact.

``pkm`` (人公里) is a kilometre travelled by one person; an act belongs to one person, so it
measures the same distance as ``km``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class Atom:
    """One word of the unit language: its dimension, its size and how people write it."""

    dimension: str
    size: Fraction
    zh: str
    en: str
    en_many: str


def _atom(dimension: str, size: str, zh: str, en: str, en_many: str | None = None) -> Atom:
    return Atom(dimension, Fraction(size), zh, en, en_many or en)


ATOMS: Mapping[str, Atom] = {
    "m": _atom("m", "1", "米", "m"),
    "km": _atom("m", "1000", "公里", "km"),
    "pkm": _atom("m", "1000", "人公里", "pkm"),
    "s": _atom("s", "1", "秒", "s"),
    "min": _atom("s", "60", "分钟", "min"),
    "h": _atom("s", "3600", "小时", "h"),
    "Wh": _atom("Wh", "1", "瓦时", "Wh"),
    "kWh": _atom("Wh", "1000", "千瓦时", "kWh"),
    "MWh": _atom("Wh", "1000000", "兆瓦时", "MWh"),
    "mg": _atom("g", "1/1000", "毫克", "mg"),
    "g": _atom("g", "1", "克", "g"),
    "kg": _atom("g", "1000", "千克", "kg"),
    "t": _atom("g", "1000000", "吨", "t"),
    "GJ": _atom("Wh", "2500000/9", "吉焦", "GJ"),
    "mL": _atom("mL", "1", "毫升", "mL"),
    "L": _atom("mL", "1000", "升", "L"),
    "m3": _atom("mL", "1000000", "立方米", "m³"),
    "fen": _atom("fen", "1", "分", "fen"),
    "yuan": _atom("fen", "100", "元", "yuan"),
    "person": _atom("person", "1", "人", "person", "people"),
    "step": _atom("step", "1", "步", "step", "steps"),
    "ride": _atom("ride", "1", "次", "ride", "rides"),
    "payment": _atom("payment", "1", "笔", "payment", "payments"),
    "order": _atom("order", "1", "单", "order", "orders"),
    "meeting": _atom("meeting", "1", "场", "meeting", "meetings"),
    "count": _atom("count", "1", "次", "time", "times"),
    "1": _atom("", "1", "", ""),
    "%": _atom("", "1/100", "%", "%"),
}

#: The units of inputs: whole numbers of these are what a partner reports and a row stores.
CANONICAL = (
    *("m", "s", "Wh", "g", "mL", "fen", "person"),
    *("step", "ride", "payment", "order", "meeting", "count"),
)

Dimensions = tuple[tuple[str, int], ...]

#: The dimensions of a plain number and of a mass, which every formula must yield.
PLAIN: Dimensions = ()
MASS: Dimensions = (("g", 1),)

_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")
_QUANTITY = re.compile(r"(-?[0-9.]+)\s*(\D\S*)?")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written, its size in canonical units and its dimensions."""

    text: str
    size: Fraction
    dimensions: Dimensions

    def write(self, lang: str, value: Fraction | int = 1) -> str:
        """The unit as people write it: ``g/km`` is 克/公里; ``value`` decides the plural."""
        over, *under = self.text.split("/")
        many = value not in (1, -1)
        above = "·".join(_write_atom(word, lang, many=many) for word in over.split("·"))
        return "/".join([above, *(_write_atom(word, lang, many=False) for word in under)])


def _write_atom(word: str, lang: str, *, many: bool) -> str:
    atom = ATOMS[word]
    if lang == "zh":
        return atom.zh
    return atom.en_many if many else atom.en


def parse_unit(text: str) -> Unit:
    """``g/km`` → size 1/1000, dimensions g¹ m⁻¹. Words are divided by ``/`` from left to right.

    Raises Problem ``packs.unit_unknown``.
    """
    size = Fraction(1)
    powers: dict[str, int] = {}
    for place, word in enumerate(text.split("/")):
        if word not in ATOMS:
            raise Problem("packs.unit_unknown", unit=text, word=word, known=", ".join(ATOMS))
        atom, sign = ATOMS[word], 1 if place == 0 else -1
        size *= atom.size**sign
        if atom.dimension:
            powers[atom.dimension] = powers.get(atom.dimension, 0) + sign
    return Unit(text, size, tidy(powers))


def tidy(powers: Mapping[str, int]) -> Dimensions:
    """Dimensions in one stated order, without those that cancelled out."""
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def multiply(left: Dimensions, right: Dimensions, sign: int = 1) -> Dimensions:
    """The dimensions of a product, or of a quotient where ``sign`` is -1."""
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tidy(powers)


def write_dimensions(dimensions: Dimensions) -> str:
    """Dimensions for a message: ``g/m``, ``Wh``, ``a plain number``."""
    over = [name for name, power in dimensions for _ in range(power)]
    under = [name for name, power in dimensions for _ in range(-power)]
    if not over and not under:
        return "1"
    return "/".join(["·".join(over) or "1", *under])


def parse_decimal(text: str) -> Fraction:
    """An exact number of at most 18 digits on either side of the point; no exponent.

    Raises Problem ``packs.number_malformed``: 1e400 or a million digits never get further.
    """
    if not _DECIMAL.fullmatch(text):
        raise Problem("packs.number_malformed", text=text[:40])
    return Fraction(text)


def parse_quantity(text: str, dimensions: Dimensions, wanted: str) -> int:
    """``200 g``, ``24 h``, ``2.3km`` as a whole number of canonical units of ``dimensions``.

    ``wanted`` names the expected unit in the message. A bare number counts canonical units.
    Raises Problem ``packs.unit_mismatch`` or ``packs.number_not_whole``.
    """
    value = parse_measure(text, dimensions, wanted)
    if value.denominator != 1:
        raise Problem("packs.number_not_whole", text=text, unit=wanted)
    return value.numerator


def parse_measure(text: str, dimensions: Dimensions, wanted: str) -> Fraction:
    """Like ``parse_quantity``, but the value may be a fraction of the canonical unit."""
    match = _QUANTITY.fullmatch(text.strip())
    if not match:
        raise Problem("packs.number_malformed", text=text[:40])
    number, unit_text = parse_decimal(match[1]), match[2]
    if unit_text is None:
        return number
    unit = parse_unit(unit_text)
    if unit.dimensions != dimensions:
        raise Problem("packs.unit_mismatch", where=text, left=unit_text, right=wanted)
    return number * unit.size


#: Units to show a value in: the first whose size the value reaches.
_SHOWN: Mapping[Dimensions, tuple[str, ...]] = {
    MASS: ("kg", "g"),
    (("m", 1),): ("km", "m"),
    (("Wh", 1),): ("kWh", "Wh"),
    (("mL", 1),): ("L", "mL"),
    (("fen", 1),): ("yuan",),
    (("s", 1),): ("h", "min", "s"),
}


def show_unit(value: Fraction, dimensions: Dimensions) -> Unit:
    """The unit that people would use for this value, given in canonical units."""
    words = _SHOWN.get(dimensions)
    if words is None:
        return Unit(write_dimensions(dimensions), Fraction(1), dimensions)
    units = [parse_unit(word) for word in words]
    return next((unit for unit in units if abs(value) >= unit.size), units[-1])


def show_number(value: Fraction, places: int = 6) -> str:
    """A decimal with thousands separators; ``≈`` marks one that does not end within ``places``."""
    scaled = value * 10**places
    rounded = round(scaled)
    sign = "-" if rounded < 0 else ""
    whole, rest = divmod(abs(rounded), 10**places)
    decimals = f"{rest:0{places}d}".rstrip("0")
    mark = "" if scaled == rounded else "≈ "
    return f"{mark}{sign}{whole:,}" + (f".{decimals}" if decimals else "")


def show_value(value: Fraction, dimensions: Dimensions, lang: str) -> str:
    """A value in canonical units as people write it: 2300 m is ``2.3 km``, 2.3 公里."""
    unit = show_unit(value, dimensions)
    number = show_number(value / unit.size)
    if unit.text == "1":
        return number
    written = unit.write(lang, value / unit.size)
    return f"{number} {written}"
