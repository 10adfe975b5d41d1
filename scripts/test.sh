#!/usr/bin/env bash
# test.sh [PYTEST FLAGS]: run all tests; without a browser, all but those that need one.
set -euo pipefail
cd "$(dirname "$0")/.."

if CHROMIUM=$(bash scripts/browser.sh); then
    export CHROMIUM
else
    echo "The tests marked 'browser' are left out: they open the app in a browser." >&2
    set -- -m "not browser and not slow" "$@"
fi
# Two at a time: one computes while the other waits for a browser or a process.
exec .venv/bin/python -m pytest -n 2 --dist loadfile "$@"
