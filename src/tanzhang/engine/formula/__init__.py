"""Formulas: a line of text in a pack, computed exactly in three ways that never disagree.

``compile_formula`` reads the text, checks its units and proves its ranges. The result computes one
act (``one``: plain Python), millions (``many``: integer Polars columns) and exact rationals
(``exact``: the judge, and what explanations are made of).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tanzhang.engine.formula import terms
from tanzhang.engine.formula.columns import ColumnFormula, bits
from tanzhang.engine.formula.exact import ExactFormula, Value
from tanzhang.engine.formula.expression import Expression, names_in, parse
from tanzhang.engine.formula.single import One, single_act
from tanzhang.engine.formula.symbols import (
    EVIDENCE_GRADE,
    CategorySymbol,
    ColumnSymbol,
    ConstantSymbol,
    Symbol,
    TableSymbol,
)
from tanzhang.engine.formula.typing import Ratio, type_formula

__all__ = [
    "EVIDENCE_GRADE",
    "CategorySymbol",
    "ColumnSymbol",
    "ConstantSymbol",
    "ExactFormula",
    "Expression",
    "Formula",
    "Symbol",
    "TableSymbol",
    "Value",
    "compile_formula",
    "names_in",
    "parse",
]


@dataclass(frozen=True, slots=True)
class Formula:
    """A compiled formula."""

    exact: ExactFormula
    ratio: Ratio
    columns: tuple[str, ...]  #: the columns that it reads, in the order ``one`` takes them
    one: One
    many: ColumnFormula

    @property
    def always_zero(self) -> bool:
        """Whether no input can make it yield a gram."""
        return self.ratio.over.high <= 0


def compile_formula(steps: Mapping[str, Expression], symbols: Mapping[str, Symbol]) -> Formula:
    """Types the steps, of which the last is the reduction in grams, and makes all forms.

    Raises Problem with the first fault: ``packs.name_unknown``, ``packs.unit_mismatch``,
    ``packs.division_*`` or ``packs.formula_*``.
    """
    ratio = type_formula(steps, symbols)
    width = 64 if bits(ratio) <= 63 else 128
    used = terms.columns_of(ratio.over)
    if ratio.under is not None:
        used |= terms.columns_of(ratio.under)
    columns = tuple(sorted(used))
    return Formula(
        exact=ExactFormula(steps, symbols),
        ratio=ratio,
        columns=columns,
        one=single_act(ratio, columns),
        many=ColumnFormula(ratio, columns, width),
    )
