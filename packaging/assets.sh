#!/bin/sh
# Fetches the locked packages of package.json and copies what the pages load, each file with its licence.
# With --optional a machine without npm, or without network, is told what it lacks and that is all.
set -eu
cd "$(dirname "$0")/.."

modules=node_modules
vendor=core/bigpandamon_core/static/bigpandamon/vendor

give_up() {
    echo "No plots: $1. Tables stand in their place; 'make assets' fetches the libraries."
    if [ "$optional" = yes ]; then exit 0; fi
    exit 1
}

copy() { # PACKAGE FOLDER FILE...
    package=$1 folder=$vendor/$2
    shift 2
    mkdir -p "$folder"
    for file in "$@"; do cp "$modules/$package/$file" "$folder/"; done
}

if [ "${1:-}" = --optional ]; then optional=yes; else optional=no; fi
if ! command -v npm >/dev/null; then give_up "npm is not installed"; fi
if [ ! -e $modules/.package-lock.json ] || [ -n "$(find package-lock.json -newer $modules/.package-lock.json)" ]; then
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || give_up "npm could not fetch them"
fi
made=$modules/.copied-for-pages
if [ -d "$vendor" ] && [ -e $made ] && [ -z "$(find package-lock.json packaging/assets.sh -newer $made)" ]; then
    exit 0
fi
rm -rf "$vendor"
copy uplot uplot dist/uPlot.esm.js dist/uPlot.min.css LICENSE
copy @dagrejs/dagre dagre dist/dagre.esm.js dist/dagre.esm.js.LEGAL.txt LICENSE
# the map stays behind: a name that leads nowhere stops the hashing of static files
sed -i '/^\/\/# sourceMappingURL=/d' $vendor/dagre/dagre.esm.js
touch $made
