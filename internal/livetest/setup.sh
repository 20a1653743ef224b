#!/bin/sh
# Installs prism from npm into this folder: it serves the descriptions that live systems
# publish to the tests of their providers.
set -eu
cd "$(dirname "$0")"

if ! command -v npm >/dev/null; then
	if ! command -v apt-get >/dev/null; then
		echo "setup.sh: no npm here: tests against published descriptions will be skipped" >&2
		exit 0
	fi
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		as_root=sudo
	fi
	$as_root apt-get update -q
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends npm
fi

# The stamp is the lock file that node_modules was installed from.
if ! cmp -s package-lock.json node_modules/.installed-from; then
	npm ci --ignore-scripts
	cp package-lock.json node_modules/.installed-from
fi
