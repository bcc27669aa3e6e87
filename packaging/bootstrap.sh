#!/bin/sh
# Makes .venv ready for a level: run, check, lint or test. A second call changes nothing.
# System packages that are missing are installed by root (apt-get or dnf); anybody else is told the command.
set -eu
cd "$(dirname "$0")/.."

level=${1:-run}
venv=.venv
policy=/usr/sbin/policy-rc.d
missing=""

case $level in
    run | check | lint | test) ;;
    *) echo "bootstrap.sh: unknown level '$level'. Known: run, check, lint, test." >&2; exit 2 ;;
esac

if command -v apt-get >/dev/null; then system=debian
elif command -v dnf >/dev/null; then system=el
else system=unknown
fi

# need DEBIAN-PACKAGE EL-PACKAGE PROBE...: notes the package when the probe fails
need() {
    if [ $system = el ]; then package=$2; else package=$1; fi
    shift 2
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

recent() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.12 python3.13 python3.11; do
        if recent "$candidate"; then command -v "$candidate"; return; fi
    done
}

exists() {
    for path in "$@"; do
        if [ -e "$path" ]; then return 0; fi
    done
    return 1
}

program() {
    for name in "$@"; do
        if PATH="$PATH:/usr/sbin:/usr/libexec" command -v "$name"; then return 0; fi
    done
    return 1
}

mysql_headers() {
    pkg-config --exists libmariadb || pkg-config --exists mysqlclient || pkg-config --exists mariadb
}

python_headers() {
    interpreter=${python:-python3}
    if [ -x $venv/bin/python ]; then interpreter=$venv/bin/python; fi
    "$interpreter" -c '
import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))'
}

need_for_environment() {
    need ca-certificates ca-certificates exists /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt
    need python3-venv /usr/bin/python3.12 "${python:-python3}" -c 'import ensurepip, sys, venv
sys.exit(sys.version_info < (3, 11))'
}

need_for_scripts() {
    need nodejs nodejs program node
    need npm npm program npm
}

need_for_services() {
    need gcc gcc program cc gcc
    need pkg-config pkgconf-pkg-config program pkg-config
    need python3-dev /usr/include/python3.12/Python.h python_headers
    need libmariadb-dev mariadb-connector-c-devel mysql_headers
    need mariadb-server mariadb-server program mariadbd
    need postgresql postgresql-server exists /usr/lib/postgresql/*/bin/postgres /usr/bin/postgres
    need memcached memcached program memcached
    need nginx-light nginx program nginx
    if [ $system = debian ]; then need wrk wrk program wrk; fi  # EL has none: make bench then asks by itself
    need chromium "epel-release chromium" program chromium chromium-browser
    need iproute2 iproute program ip
    need util-linux util-linux program nsenter
    need rpm rpm-build program rpmbuild
    need dnf dnf program dnf
    need createrepo-c createrepo_c program createrepo_c
    need rpmlint rpmlint program rpmlint
    need python3-packaging python3-packaging exists /usr/lib/python3*/dist-packages/packaging \
        /usr/lib/python3*/site-packages/packaging
    need python3 /usr/bin/python3.12 exists /usr/bin/python3.12 /usr/bin/python3.11
    need python3-dev /usr/include/python3.12/Python.h exists /usr/include/python3.12/Python.h \
        /usr/include/python3.11/Python.h
    need fonts-dejavu-core dejavu-sans-fonts exists /usr/share/fonts/truetype/dejavu /usr/share/fonts/dejavu-sans-fonts
}

# Server packages start what they bring; a policy that says no keeps ports and folders of this machine as they were.
install_debian() {
    if [ ! -e $policy ]; then
        trap 'rm -f $policy' EXIT
        trap 'exit 1' HUP INT TERM
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod 755 $policy
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    # shellcheck disable=SC2086  # a list of names
    apt-get install -q -y --no-install-recommends $missing
}

install_el() {
    for package in $missing; do  # one by one: a repository package must be there before what it offers
        dnf install -q -y "$package"
    done
}

install_missing() {
    case $system in
        debian) command="apt-get install -y --no-install-recommends$missing" ;;
        el) command="dnf install -y$missing" ;;
        *) echo "Neither apt-get nor dnf is here. Install what corresponds to:$missing" >&2; exit 1 ;;
    esac
    if [ "$(id -u)" != 0 ]; then
        echo "System packages are missing. Install them, then repeat:" >&2
        echo "    sudo $command" >&2
        exit 1
    fi
    echo "Installing system packages:$missing"
    install_$system
    python=$(find_python)
}

make_environment() {
    if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then return; fi
    if [ -z "$python" ]; then echo "No Python 3.11 or newer was found; name one with PYTHON=…" >&2; exit 1; fi
    echo "Making $venv with $python"
    "$python" -m venv --clear $venv
}

pip_install() {
    "$venv/bin/python" -m pip install --disable-pip-version-check -q "$@"
}

install_ours() {
    if [ -e $venv/ready-ours ] && [ -z "$(find setup.py -newer $venv/ready-ours)" ]; then return; fi
    for part in $("$venv/bin/python" -c 'import setup; print(*(row.key for row in setup.DISTRIBUTIONS))'); do
        BIGPANDAMON_DIST=$part pip_install --no-build-isolation --no-deps --editable .
    done
    touch $venv/ready-ours
}

python=$(find_python)
if [ ! -x $venv/bin/python ]; then need_for_environment; fi
if [ "$level" = test ]; then need_for_services; fi
if [ "$level" = test ] || { [ "$level" = lint ] && [ "${CI:-}" = true ]; }; then need_for_scripts; fi
if [ -n "$missing" ]; then install_missing; fi
make_environment
pip_install -r packaging/requirements/"$level".txt
install_ours
touch "$venv/ready-$level"
