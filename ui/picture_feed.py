"""Each image of the data set as a PNG at an address of its own, `/picture/<index>`."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from fmnist_core.exceptions import FmnistError
from fmnist_core.export.png import png
from fmnist_core.specs.data import NUM_IMAGES
from ui import cache

PATH = "/picture/{index:int}"
_FOR_A_DAY = {"cache-control": "max-age=86400"}  # the data set never changes


async def picture_feed(request: Request) -> Response:
    """Answer with an image of 28×28 pixels; 404 where there is none of that number."""
    index = request.path_params["index"]
    if not 0 <= index < NUM_IMAGES:
        return Response(status_code=404)
    try:
        data = await run_in_threadpool(cache.data_set)
    except FmnistError:  # the page says it where it is drawn
        return Response(status_code=404)
    return Response(png(data.images[index]), media_type="image/png", headers=_FOR_A_DAY)
