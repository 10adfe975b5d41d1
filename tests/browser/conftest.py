"""A browser, the app's server with a store of its own, and a page that notices what goes wrong."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import expect

from fmnist_core.runs.store import RunStore
from tests.browser.app_page import AppPage
from tests.browser.app_server import BROWSER_FLAGS, find_browser, serve
from tests.faults.run_processes import end_jobs

# Two cores serve two browsers, two servers and what they train; one that is quick loses nothing.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    found = find_browser()
    if not found:
        pytest.skip("no Chromium was found: install one, or set CHROMIUM to its path")
    return {**browser_type_launch_args, "executable_path": found, "args": BROWSER_FLAGS}


@pytest.fixture(scope="session")
def store(tmp_path_factory) -> RunStore:
    return RunStore(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module", autouse=True)
def empty_store(store):
    """Leave nothing to the next file, so that tests find the same in any order."""
    yield
    end_jobs(store)
    for path in store.root.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture(scope="session")
def app_url(store, tmp_path_factory):
    with serve(store.root, tmp_path_factory.mktemp("server") / "server.log") as url:
        yield url


@pytest.fixture
def app(page, app_url):
    """A page of the app; JavaScript errors, exceptions and off-machine requests fail the test."""
    found = AppPage(page, app_url)
    yield found
    found.check()


@pytest.fixture
def second_tab(context, app_url):
    found = AppPage(context.new_page(), app_url)
    yield found
    found.check()


@pytest.fixture
def phone(browser, app_url):
    """A page of the app on a screen for fingers, 390 pixels wide."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    found = AppPage(context.new_page(), app_url)
    yield found
    found.check()
    context.close()
