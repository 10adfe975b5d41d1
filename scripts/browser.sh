#!/usr/bin/env bash
# browser.sh: print the path of a Chromium or Chrome, installing Debian's where that is possible.
# $CHROMIUM, where set, is the only one looked at.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/shared.sh

mac_chrome="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"

# The version is asked for because Ubuntu's chromium-browser may be a stub that only points to snap.
find_browser() {
    local name
    for name in "$@"; do
        if "$name" --version >/dev/null 2>&1; then command -v "$name"; return; fi
    done
    return 1
}

if [ -n "${CHROMIUM:-}" ]; then
    find_browser "$CHROMIUM" || stop "CHROMIUM names $CHROMIUM, which does not run."
else
    find_browser chromium chromium-browser google-chrome "$mac_chrome" ||
        { apt_install chromium fonts-liberation && find_browser chromium; } ||
        stop "no Chromium or Chrome was found: install one, or set CHROMIUM to its path."
fi
