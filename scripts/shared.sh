# shellcheck shell=bash
# What the other scripts share; they source it.

# stop SENTENCE: end with one sentence that says what to do.
stop() {
    echo "fmnist: $*" >&2
    exit 1
}

# can_apt: is this a Debian or Ubuntu on which packages can be installed without a question?
can_apt() {
    command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

# apt_install PACKAGE...: install Debian packages, or return 1.
apt_install() {
    local as_root=""
    can_apt || return 1
    if [ "$(id -u)" != 0 ]; then as_root="sudo -n"; fi
    echo "Installing $* with apt-get ..." >&2
    # An unreachable third-party list fails the update, but may not matter for these packages.
    $as_root apt-get update -qq </dev/null >/dev/null 2>&1 || true
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=120 "$@" </dev/null >/dev/null
}
