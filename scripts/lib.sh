# Shared by the scripts: where things are, timed steps, and what tests need installed. Sourced, never run.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}"
target="${CARGO_TARGET_DIR:-target}"
case "$target" in /*) ;; *) target="$PWD/$target" ;; esac

# step NAME COMMAND...: says what runs, runs it, says how long it took.
step() {
    local name="$1" began=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    "$@"
    printf -- '-- %s: %d s\n' "$name" "$((SECONDS - began))"
}

# The two flavours of the binary are built by separate cargo calls, since one call would mix their features. The second
# call builds all tests too, so that dependencies are built once for both. Each binary is copied out before the other
# call replaces it.
build_flavour() { # default|virtual
    case "$1" in
    default) cargo build --locked --package flowhq ;;
    virtual) cargo build --locked --workspace --all-targets --features flowhq/virtual ;;
    esac
    mkdir -p "$target/flavours/$1"
    cp "$target/debug/flowhq" "$target/flavours/$1/flowhq.new"
    mv "$target/flavours/$1/flowhq.new" "$target/flavours/$1/flowhq"
}

# What is shipped, into `binary` and `version`: the given binary, or a release build. A build for tests would take WhatsApp's
# certificates from anybody.
shipped() { # [BINARY]
    binary="${1:-}"
    if [ -z "$binary" ]; then
        step "release" cargo build --release --locked --package flowhq
        binary="$target/release/flowhq"
    fi
    if "$binary" --version | grep -qi virtual; then
        echo "$binary is a build with virtual: it is for tests alone, and is not shipped" >&2
        return 1
    fi
    # shellcheck disable=SC2034
    version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
}

# The certificate check must be whole in the default build. The plain tree of features leaves out those that come from
# the command line, so each package is printed with the features that it is built with. The virtual build must show the
# bypass in this same list, or the list could never show anything.
bypass=danger-skip-cert-chain-verify
features_of() {
    cargo tree --locked --package flowhq --edges features,no-dev --format '{p} [{f}]' "$@"
}
# What it is and its pattern: the trees of check_bypass have it where the feature virtual is, and nowhere else.
in_virtual_alone() {
    if grep "$2" <<<"$default" >&2; then
        echo "the default build of flowhq has $1, which belong to the feature virtual alone" >&2
        return 1
    fi
    if ! grep -q "$2" <<<"$virtual"; then
        echo "the build with virtual has no $1: this check would find nothing" >&2
        return 1
    fi
    echo "$1: nowhere in the default build"
}
check_bypass() {
    local default virtual
    default=$(features_of)
    virtual=$(features_of --features virtual)
    if grep -q "$bypass" <<<"$default"; then
        echo "the default build of flowhq has $bypass, which belongs to the feature virtual alone:" >&2
        grep "$bypass" <<<"$default" | sort -u >&2
        return 1
    fi
    if ! grep -q "$bypass" <<<"$virtual"; then
        echo "the build with virtual has no $bypass: is it still called that? This check would find nothing" >&2
        return 1
    fi
    # Tests may have the bypass, but only together with the guard, whatever is selected.
    local selection tree
    for selection in --workspace --package=virtual-whatsapp --package=whatsapp; do
        tree=$(cargo tree --locked "$selection" --edges features --prefix none --format '{p} [{f}]')
        if grep -q "$bypass" <<<"$tree" && ! grep -qE '^whatsapp v.*\[.*virtual' <<<"$tree"; then
            echo "cargo test $selection has $bypass without the guard of whatsapp's feature virtual" >&2
            return 1
        fi
    done
    echo "certificate check: whole in the default build, taken out by the feature virtual alone"
    in_virtual_alone "crash points and planted faults" '^[^a-z]*crash v[^[]*\[.*points'
    in_virtual_alone "calls of the disk that fail" '^[^a-z]*faults v'
    in_virtual_alone "attempts of a taken worker" '^[^a-z]*confine v[^[]*\[.*attempts'
}

# uses TEXT: whether any test names TEXT, so that nothing is installed for tests that do not exist.
uses() {
    grep -rqs --include='*.rs' --include='*.mjs' -- "$1" crates
}

# debian PACKAGE...: installs Debian packages, where this machine can.
debian() {
    local as=()
    [ "$(id -u)" = 0 ] || as=(sudo -n)
    "${as[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as[@]}" apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

has_postgres() {
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null
}

# Debian's browser, and what drives it; packages from the lock files, none of their scripts run.
browser_tools() {
    command -v chromium >/dev/null || debian chromium
    command -v npm >/dev/null || debian nodejs npm
    FLOWHQ_TEST_CHROMIUM=$(command -v chromium)
    export FLOWHQ_TEST_CHROMIUM
    local folder
    for folder in crates/tests/browser crates/virtual-whatsapp/tests/page; do
        (cd "$folder" && { [ node_modules/.package-lock.json -nt package-lock.json ] ||
            npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; })
    done
}

# A client of a third make for the virtual WhatsApp: a small program of our own on the module that go.mod and go.sum name.
# Whatever Go there is fetches the toolchain that the module asks for.
whatsmeow_client() {
    local go binary="$target/whatsmeow-client"
    go=$(command -v go || true)
    [ -n "$go" ] || [ ! -x /usr/local/go/bin/go ] || go=/usr/local/go/bin/go
    [ -n "$go" ] || { debian golang-go && go=$(command -v go); } || true
    mkdir -p "$target"
    if [ -n "$go" ] && (cd crates/virtual-whatsapp/tests/whatsmeow &&
        CGO_ENABLED=1 GOTOOLCHAIN="${GOTOOLCHAIN:-auto}" GOFLAGS=-mod=readonly "$go" build -buildvcs=false -o "$binary" .); then
        export FLOWHQ_TEST_WHATSMEOW="$binary"
        return
    fi
    # A client that is left out is a failure in CI.
    [ -z "${CI:-}" ] || { echo "the whatsmeow client cannot be built" >&2; return 1; }
    echo "the whatsmeow client cannot be built here: its tests are LEFT OUT (FLOWHQ_TEST_WHATSMEOW=off)" >&2
    export FLOWHQ_TEST_WHATSMEOW=off
}

# What the tests need beyond Rust, each found or installed and named to the tests by a variable.
test_tools() {
    command -v cc >/dev/null || debian gcc libc6-dev
    # scripts/postgres-test-server starts a server of the tests' own from these binaries.
    if uses FLOWHQ_TEST_POSTGRES && [ -z "${FLOWHQ_TEST_POSTGRES:-}" ] && [ -z "${PGBIN:-}" ] && ! has_postgres; then
        debian postgresql || true
        if ! has_postgres; then
            # A skipped test is a failure in CI; a person may have a machine without Debian's package manager.
            [ -z "${CI:-}" ] || { echo "PostgreSQL cannot be installed" >&2; return 1; }
            echo "PostgreSQL cannot be installed here: its tests are LEFT OUT (FLOWHQ_TEST_POSTGRES=off)" >&2
            export FLOWHQ_TEST_POSTGRES=off
        fi
    fi
    # A client of another make for the virtual WhatsApp; packages from the lock file, none of their scripts run.
    if uses FLOWHQ_TEST_BAILEYS && [ "${FLOWHQ_TEST_BAILEYS:-}" != off ]; then
        command -v npm >/dev/null || debian nodejs npm
        (cd crates/virtual-whatsapp/tests/baileys &&
            { [ node_modules/.package-lock.json -nt package-lock.json ] ||
                npm ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error; })
    fi
    # An OpenID provider of another make.
    if uses FLOWHQ_TEST_OIDC && [ "${FLOWHQ_TEST_OIDC:-}" != off ]; then
        command -v npm >/dev/null || debian nodejs npm
        (cd crates/oidc/tests/provider &&
            { [ node_modules/.package-lock.json -nt package-lock.json ] ||
                npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; })
    fi
    if uses FLOWHQ_TEST_WHATSMEOW && [ -z "${FLOWHQ_TEST_WHATSMEOW:-}" ]; then
        whatsmeow_client
    fi
    # The power cuts of scripts/crash.
    command -v strace >/dev/null || debian strace
    # Holds the admin API against its document.
    if uses FLOWHQ_TEST_SCHEMATHESIS && [ -z "${FLOWHQ_TEST_SCHEMATHESIS:-}" ]; then
        local venv="$target/schemathesis-venv"
        python3 -c 'import ensurepip, venv' 2>/dev/null || debian python3-venv || true
        if { [ -x "$venv/bin/schemathesis" ] || python3 -m venv "$venv"; } \
            && "$venv/bin/pip" install --quiet --disable-pip-version-check schemathesis==4.32.5 aiosmtpd==1.4.6; then
            export FLOWHQ_TEST_SCHEMATHESIS="$venv/bin/schemathesis"
            # The mail server of the tests of alerts and of letters lives in the same place.
            export FLOWHQ_TEST_SMTP_PYTHON="$venv/bin/python"
        else
            [ -z "${CI:-}" ] || { echo "schemathesis cannot be installed" >&2; return 1; }
            echo "schemathesis cannot be installed here: the API is NOT held against its document" >&2
            export FLOWHQ_TEST_SCHEMATHESIS=off FLOWHQ_TEST_SMTP_PYTHON=off
        fi
    fi
    if uses FLOWHQ_TEST_CHROMIUM && [ "${FLOWHQ_TEST_CHROMIUM:-}" != off ]; then
        browser_tools
    fi
}
