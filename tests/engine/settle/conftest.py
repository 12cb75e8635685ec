"""Every hand-written case is put to the oracle and to the kernel."""

from __future__ import annotations

import pytest

from . import oracle
from .cases import Judge
from .plain import kernel

JUDGES: dict[str, Judge] = {"oracle": oracle.settle, "kernel": kernel}


@pytest.fixture(params=JUDGES)
def judge(request: pytest.FixtureRequest) -> Judge:
    """Whoever settles the case."""
    return JUDGES[request.param]
