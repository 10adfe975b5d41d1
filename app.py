"""The server: pages with security headers, chart library, live feed. `streamlit run app.py`."""

import gc
import importlib
import pkgutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import plotly
import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import ui
from fmnist_core.exceptions import FmnistError
from fmnist_core.jobs import ensure_supervisor
from fmnist_core.runs.store import RunStore
from ui import inference
from ui.data import facts
from ui.live_feed import PATH, live_feed
from ui.picture_feed import PATH as PICTURE_PATH
from ui.picture_feed import picture_feed

_CSP = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' blob: data: ws: wss:",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
# What analyses import when they are first asked; together they take seconds.
_HEAVY = (
    *("sklearn.metrics", "sklearn.model_selection", "sklearn.decomposition"),
    *("scipy.stats", "scipy.optimize", "scipy.cluster.hierarchy"),
)
_HEAVY_AFTER = 2.0  # seconds: the first page comes first
_HEADERS = [
    (b"content-security-policy", _CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), microphone=(), geolocation=()"),
]


class SecurityHeaders:
    """Pure ASGI middleware: adds headers, buffers nothing, leaves websockets alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with the headers added to its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Prepare the process, and go on with runs that wait from an earlier time."""
    for module in pkgutil.walk_packages(ui.__path__, "ui."):  # so that no first visit waits for it
        importlib.import_module(module.name)
    gc.collect()
    gc.freeze()  # Streamlit collects garbage after each run: 54 → 7 ms a tick
    heavy = threading.Timer(_HEAVY_AFTER, _warm_up)
    heavy.daemon = True
    heavy.start()
    _work_the_queue(RunStore())
    inference.warm_up()
    yield {}
    inference.close()
    heavy.cancel()


def _warm_up() -> None:
    """Import and read what first visits to Errors and Data would wait for, while nobody does."""
    for module in _HEAVY:
        importlib.import_module(module)
    with suppress(FmnistError):  # the page says that the data set is not there
        facts.typical()
    gc.collect()
    gc.freeze()


def _work_the_queue(store: RunStore) -> None:
    try:
        if any(summary.live for summary in store.summaries()):
            ensure_supervisor(store.root)
    except FmnistError as error:  # the pages say so too
        print(f"fmnist: {error}", flush=True)


app = st.App(
    "pages/navigation.py",
    lifespan=lifespan,
    middleware=[Middleware(SecurityHeaders)],
    routes=[
        Mount("/vendor", StaticFiles(directory=Path(plotly.__file__).parent / "package_data")),
        Route(PATH, live_feed),
        Route(PICTURE_PATH, picture_feed),
    ],
)
