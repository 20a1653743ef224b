#!/bin/sh
# Installs the live systems that tests of providers start: Prometheus and its Alertmanager,
# from the system's packages if they are not there yet. Where there is no apt-get those
# tests are skipped.
set -eu

[ ! -x /usr/bin/prometheus ] || [ ! -x /usr/bin/prometheus-alertmanager ] || exit 0
if ! command -v apt-get >/dev/null; then
	echo "setup.sh: no apt-get here: tests against a real Prometheus will be skipped" >&2
	exit 0
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
	as_root=sudo
fi
$as_root apt-get update -q
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends prometheus prometheus-alertmanager
