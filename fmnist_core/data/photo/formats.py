"""Formats of pictures: which ones are read, and what a file that is none of them looks like."""

from __future__ import annotations

import importlib.util

_PLAIN = ("PNG", "JPEG", "WEBP", "AVIF", "BMP", "GIF", "TIFF")


def _with_heif() -> tuple[str, ...]:
    """Return the formats, HEIF among them where the optional package that reads it is there."""
    if importlib.util.find_spec("pillow_heif") is None:
        return _PLAIN
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    return (*_PLAIN, "HEIF")


FORMATS = _with_heif()
KNOWN = "PNG, JPEG, WebP, AVIF, BMP, GIF or TIFF"  # to people
if "HEIF" in FORMATS:
    KNOWN = KNOWN.replace(" or", ", HEIC or")

_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def guessed(data: bytes) -> str:
    """Say what a file that is no picture seems to be, with its article."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "a HEIC picture, which is read only where the package pillow-heif is installed"
    if data[4:8] == b"ftyp":
        return "a film"
    if data.startswith(b"%PDF"):
        return "a PDF document"
    if data.startswith(b"PK\x03\x04"):
        return "a ZIP archive or an office document"
    text = data[:1_000].lower()
    if b"<svg" in text:
        return "an SVG drawing, which has no pixels"
    if b"<html" in text or b"<!doctype html" in text:
        return "a web page"
    return "no picture of a kind that is read"
