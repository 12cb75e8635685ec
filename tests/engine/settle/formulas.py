"""Formulas for packs in tests: what a compiled pack would do, written out in numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from tanzhang.engine.rules import Flags, Ints


@dataclass(frozen=True)
class Linear:
    """``max(0, base + Σ rate × input) / divisor``, rounded half to even; inputs by name."""

    rates: Mapping[str, int] = field(default_factory=dict)
    base: int = 0
    divisor: str | None = None

    def __call__(self, columns: Mapping[str, Ints]) -> tuple[Ints, Flags]:
        length = len(columns["evidence_grade"])
        total = np.full(length, self.base, np.int64)
        for name, rate in self.rates.items():
            total += rate * columns[name]
        total = np.maximum(total, 0)
        if self.divisor is None:
            return total, np.zeros(length, np.bool_)
        below = columns[self.divisor]
        is_zero = below == 0
        return np.where(is_zero, 0, half_even(total, np.where(is_zero, 1, below))), is_zero

    def __repr__(self) -> str:
        terms = [f"{rate}·{name}" for name, rate in self.rates.items()]
        if self.base or not terms:
            terms.append(str(self.base))
        text = " + ".join(terms)
        return f"({text}) / {self.divisor}" if self.divisor else text


def half_even(above: Ints, below: Ints) -> Ints:
    """Exact ``above / below`` rounded half to even, for above ≥ 0 and below > 0."""
    quotient, remainder = np.divmod(above, below)
    twice = 2 * remainder
    return quotient + ((twice > below) | ((twice == below) & (quotient % 2 == 1)))
