#!/bin/sh
# Installs what the browser tests need and the site does not ship: Chromium from the
# system's packages if there is none yet, and from npm into this folder axe-core and GitHub's
# description of its API, the largest that there is. And curl, by which calls that pages show
# are tried.
set -eu
cd "$(dirname "$0")"

# apt_install installs Debian packages, with sudo if there is need.
apt_install() {
	if ! command -v apt-get >/dev/null; then
		echo "setup.sh: install $* by hand; this system has no apt-get" >&2
		exit 1
	fi
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		as_root=sudo
	fi
	$as_root apt-get update -q
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

has_browser() {
	[ -n "${SIGNPOST_BROWSER:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

has_browser || apt_install chromium fonts-dejavu-core
command -v npm >/dev/null || apt_install npm
command -v curl >/dev/null || apt_install curl

# The stamp is the lock file that node_modules was installed from.
if ! cmp -s package-lock.json node_modules/.installed-from; then
	npm ci
	# Of GitHub's descriptions one is read; the others take 400 MB.
	find node_modules/@octokit/openapi/generated -name '*.json' ! -name api.github.com.json -delete
	cp package-lock.json node_modules/.installed-from
fi
