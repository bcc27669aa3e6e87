#!/bin/sh
# Runs every linter, also after one has complained, and fails if any did.
set -u
cd "$(dirname "$0")/.." || exit

bin=.venv/bin
rows='import setup; rows = setup.DISTRIBUTIONS'
packages=$($bin/python -c "$rows; print(*(f'{row.folder}/{row.package}' for row in rows))")
MYPYPATH=$($bin/python -c "$rows; print(':'.join({row.folder: 0 for row in rows}))")
MYPYPATH=$MYPYPATH:packaging/rpm
PYTHONPATH=packaging/rpm
export MYPYPATH PYTHONPATH
failed=""

lint() { # NAME COMMAND...
    name=$1
    shift
    echo "== $name"
    "$@" || failed="$failed $name"
}

lint_types() {
    wait "$types"
    state=$?
    cat "$told"
    return "$state"
}

lint_scripts() {
    if ! command -v npm >/dev/null; then
        echo "npm is not installed: the scripts of the pages were not looked at."
        [ "${CI:-}" != true ]
        return
    fi
    sh packaging/assets.sh && node_modules/.bin/eslint --max-warnings 0 --no-error-on-unmatched-pattern .
}

# the two that take long, side by side: what mypy says is told in its turn
told=$(mktemp)
trap 'rm -f "$told"' EXIT
$bin/mypy >"$told" 2>&1 &
types=$!

lint ruff $bin/ruff check .
# tests are left to ruff and mypy: fixtures and repeated set-up are not what pylint takes them for
# shellcheck disable=SC2086  # a list of names
lint pylint $bin/pylint $packages setup.py packaging/*.py packaging/rpm/*.py
lint mypy lint_types
lint eslint lint_scripts

if [ -n "$failed" ]; then
    echo "Complaints from:$failed" >&2
    exit 1
fi
