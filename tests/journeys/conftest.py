"""Journeys: the real site in a real browser, on the test database.

Without a Chromium these tests are skipped and say what to install; where ``CI`` is set they fail.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from clean_database import EmptiedDatabase
from journeys.browsing import MISSING, Visitor, program, visitor
from journeys.running_site import Site, running_site


# Not for the whole session: the site's worker would settle what later tests leave waiting.
@pytest.fixture(scope="package")
def site(
    _emptied_database: EmptiedDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The running site; mark the test ``database`` so that it begins with empty tables."""
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(autouse=True)
def _nobody_was_under_way() -> None:
    """What happens in the demonstration begins when the last thing ended, in whichever test."""
    from tanzhang.config.database import home
    from tanzhang.workbench.city.journal import Journal

    Journal(home()).path.unlink(missing_ok=True)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    path = program()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []  # its sandbox refuses to run for root
    # Playwright keeps a loop running in this thread, which Django takes for asynchronous code.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=Path(path), args=alone)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Makes a visitor: ``visit(lang="en", dark=True, javascript=False, width=1280)``."""
    with ExitStack() as stack:
        make: Callable[..., AbstractContextManager[Visitor]] = partial(visitor, browser)
        yield lambda **how: stack.enter_context(make(**how))
