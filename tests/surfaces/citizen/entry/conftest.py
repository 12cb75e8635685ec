"""Servers of others, for ways in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from surfaces.citizen.entry.platforms import Platforms, running


@pytest.fixture(scope="package")
def _platforms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platforms]:
    with running(tmp_path_factory.mktemp("platforms")) as platforms:
        yield platforms


@pytest.fixture
def platforms(_platforms: Platforms) -> Platforms:
    """WeChat's and Alipay's stand-in, running."""
    return _platforms
