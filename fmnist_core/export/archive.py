"""Files of a ZIP that say nothing of when they were written: the same contents, the same bytes."""

from __future__ import annotations

import zipfile

_WHEN = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can tell


def add_file(archive: zipfile.ZipFile, name: str, data: bytes, *, packed: bool = False) -> None:
    """Write a file into an archive; one that is packed already, as a picture is, stays as it is."""
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)
