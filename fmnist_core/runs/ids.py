"""Names of folders that sort by the time at which these were made."""

from __future__ import annotations

import re
import secrets
import time

RUN_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")


def new_id() -> str:
    """Return yyyymmdd-hhmmss-xxxxxx in UTC: microseconds and a random digit, so that ids sort."""
    now = time.time_ns()
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now // 10**9))
    return f"{stamp}-{now % 10**9 // 1000:05x}{secrets.token_hex(1)[0]}"
