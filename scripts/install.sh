#!/usr/bin/env bash
# install.sh FILE: make .venv hold what the requirements FILE pins.
# Does nothing where it already does; makes .venv anew where it is broken or was left half made.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/shared.sh

requirements=$1
stamp=.venv/$requirements     # a copy of what was installed, written last
installing=.venv/installing   # there while pip works, with the process id of this script
read -r low high <<<"$(sed -n 's/^requires-python = ">=3\.\([0-9]*\),<3\.\([0-9]*\)"$/\1 \2/p' pyproject.toml)"

python_fits() {
    "$1" -c "import sys; sys.exit(not (3, $low) <= sys.version_info[:2] < (3, $high))" 2>/dev/null
}

find_python() {
    local minor
    if python_fits python3; then echo python3; return; fi
    for ((minor = high - 1; minor >= low; minor--)); do
        if python_fits "python3.$minor"; then echo "python3.$minor"; return; fi
    done
    stop "this needs Python 3.$low to 3.$((high - 1)), and none was found: install one" \
        "(https://www.python.org/downloads/), then run make again."
}

venv_works() {
    python_fits .venv/bin/python && .venv/bin/python -c 'import pip' 2>/dev/null
}

make_venv() {
    local python package
    python=$(find_python)
    # Debian keeps the part of Python that makes environments in a package of its own.
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        apt_install "$package" ||
            stop "Python cannot make a virtual environment here: run" \
                "'sudo apt-get install $package', then make again."
    fi
    "$python" -m venv --clear .venv
}

if [ -e "$installing" ] && kill -0 "$(cat "$installing")" 2>/dev/null; then
    stop "another make is installing into .venv (process $(cat "$installing")):" \
        "wait for it, or delete .venv if nothing is running."
fi
if [ -e "$installing" ] || ! venv_works; then
    make_venv
elif cmp -s "$requirements" "$stamp"; then
    exit 0
fi
if [ "$(uname -sm)" = "Darwin x86_64" ]; then
    stop "TensorFlow 2.21 is not built for Macs with Intel processors: use Docker, as in Dockerfile."
fi

echo "Installing $requirements into .venv (once; takes a few minutes) ..."
echo $$ >"$installing"
rm -f "$stamp"
if [ -t 1 ]; then quiet=""; else quiet=--quiet; fi
if ! .venv/bin/python -m pip install $quiet --disable-pip-version-check --only-binary :all: -r "$requirements"; then
    rm "$installing"   # pip undid its own work
    stop "the packages could not be installed (pip's reason stands above):" \
        "see that this machine reaches pypi.org, then run make again."
fi
cp "$requirements" "$stamp"
rm "$installing"
