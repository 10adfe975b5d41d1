#!/usr/bin/env bash
# data.sh: find Fashion-MNIST on this machine, else download it, else install Debian's package of it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/shared.sh

find_or_download() {
    .venv/bin/python -m fmnist_core.data.files
}

if [ -z "${FMNIST_DATA_DIR:-}" ] && can_apt; then
    # Why a download failed is of no interest where the package can take its place.
    find_or_download 2>/dev/null && exit
    apt_install dataset-fashion-mnist || true
fi
find_or_download
