"""The address at which browsers ask once a second how a live run gets on: `/live/<run id>`.

An answer is made at most once a second, whoever asks, so that ten watchers cost a training hardly
more than one. That a page be drawn anew, as Streamlit does it, would cost twenty times as much.
"""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fmnist_core.exceptions import FmnistError, RunNotFound
from ui import cache
from ui.live_data import live_data

PATH = "/live/{run_id}"
FRESH_SECONDS = 0.9  # a little less than browsers wait between two questions
MAX_KEPT = 32


@dataclass(frozen=True)
class _Answer:
    made: float  # by the monotonic clock
    tag: str
    body: bytes


_answers: OrderedDict[str, _Answer] = OrderedDict()
_lock = threading.Lock()


async def live_feed(request: Request) -> Response:
    """Answer with `live_data` of a run, or that nothing has changed."""
    run_id = request.path_params["run_id"]
    try:
        answer = _fresh(run_id) or await run_in_threadpool(_make, run_id)
    except RunNotFound as error:
        return JSONResponse({"problem": str(error)}, status_code=404)
    except FmnistError as error:  # the page says it where it is drawn anew
        return JSONResponse({"problem": str(error)}, status_code=409)
    headers = {"etag": answer.tag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == answer.tag:
        return Response(status_code=304, headers=headers)
    return Response(answer.body, media_type="application/json", headers=headers)


def _fresh(run_id: str) -> _Answer | None:
    answer = _answers.get(run_id)
    return answer if answer and time.monotonic() - answer.made < FRESH_SECONDS else None


def _make(run_id: str) -> _Answer:
    """Make an answer, unless another watcher's question has just made it."""
    with _lock:
        if answer := _fresh(run_id):
            return answer
        data = live_data(cache.run_store().get(run_id))
        body = json.dumps(data, allow_nan=False, separators=(",", ":")).encode()
        answer = _Answer(time.monotonic(), f'"{blake2b(body, digest_size=12).hexdigest()}"', body)
        _answers[run_id] = answer
        _answers.move_to_end(run_id)
        while len(_answers) > MAX_KEPT:
            _answers.popitem(last=False)
        return answer
