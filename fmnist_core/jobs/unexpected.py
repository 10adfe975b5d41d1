"""What an exception that nobody foresaw means for the person who waits for a result."""

from __future__ import annotations

import errno


def is_disk_full(error: Exception) -> bool:
    """Say whether there was no room to write."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def is_memory_full(error: Exception) -> bool:
    """Say whether Python or TensorFlow ran out of memory."""
    return isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"


def unexpected(error: Exception, where: str) -> str:
    """Name an error by its first line; `where` is a sentence that says where the rest stands."""
    first = (str(error).splitlines() or [""])[0]
    return f"Something unexpected went wrong ({type(error).__name__}: {first[:200]}). {where}"
