#!/bin/sh
# Fetches the face engine's runtime and models into .assets/ of the checkout:
# two npm tarballs, pinned in assets.lock, of which five files and a licence
# are kept. npm is used as a downloader only; no package script ever runs.
#
# Nothing half-made is ever seen: all work happens in a folder of its own, and
# one rename publishes the finished set. Two runs at once each do their own
# work; the later one finds the set published and throws its own away.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
lock=$root/scripts/assets.lock
assets=$root/.assets
partial=
child=

say() { printf 'assets: %s\n' "$*"; }
die() {
	printf 'assets: %s\n' "$*" >&2
	exit 1
}

cleanup() {
	code=$?
	trap '' INT TERM HUP
	trap - EXIT
	if [ -n "$child" ]; then
		kill "$child" 2>/dev/null || :
		wait "$child" 2>/dev/null || :
	fi
	if [ -n "$partial" ]; then
		# A downloader that was killed may still be closing files in there.
		rm -rf "$partial" 2>/dev/null || { sleep 1; rm -rf "$partial"; }
	fi
	exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

case $(uname -m) in
x86_64 | amd64) arch=x64 ;;
aarch64 | arm64) arch=arm64 ;;
*) die "no runtime is published for $(uname -m): x86_64 and aarch64 are" ;;
esac
[ "$(uname -s)" = Linux ] || die "limen runs on Linux, not $(uname -s)"

missing=0
need() { # need COMMAND PACKAGE WHAT
	command -v "$1" >/dev/null 2>&1 && return
	printf 'assets: missing: %s. Install it with: apt-get install %s\n' "$3" "$2" >&2
	missing=1
}

have_libstdcxx() {
	for f in /usr/lib/*/libstdc++.so.6 /usr/lib/libstdc++.so.6 /usr/lib64/libstdc++.so.6 /lib/*/libstdc++.so.6; do
		[ -e "$f" ] && return 0
	done
	return 1
}

need_build_tools() {
	need go golang-go "go (Go 1.26 or later)"
	need "${CC:-cc}" "gcc libc6-dev" "a C compiler (${CC:-cc})"
	need make make "make"
	need sha512sum coreutils "sha512sum"
	if ! have_libstdcxx; then
		printf 'assets: missing: libstdc++. Install it with: apt-get install libstdc++6\n' >&2
		missing=1
	fi
}

# each_file KIND ARGS...: calls "KIND package version path name" for every
# file of the lock.
each_file() {
	each_do=$1
	each_pkg=
	while read -r word a b c d; do
		case $word in
		package) each_pkg=$a ;;
		file)
			path=$(printf '%s' "$a" | sed "s/@ARCH@/$arch/")
			"$each_do" "$each_pkg" "$path" "${b:-${path##*/}}" || return 1
			;;
		esac
	done <"$lock"
}

present() { [ -s "$assets/$3" ]; }

# The stamp names the lock and the machine: a changed pin is a new set.
complete() {
	[ -r "$assets/stamp" ] && [ "$(cat "$assets/stamp")" = "$stamp" ] && each_file present
}

verify() { # verify FILE SHA512 NAME
	got=$(sha512sum "$1")
	got=${got%% *}
	[ "$got" = "$2" ] && return
	printf 'assets: %s is not the pinned file, so none of it is used\n  expected sha512 %s\n  got      sha512 %s\n' "$3" "$2" "$got" >&2
	exit 1
}

extract() { # extract PACKAGE PATH NAME
	[ "$1" = "$package" ] || return 0
	tar -xzOf "$tarball" "package/$2" >"$partial/new/$3" || die "$2 is not in the tarball of $1"
	say "  $3, $(($(wc -c <"$partial/new/$3") / 1024)) kB"
}

fetch() { # fetch PACKAGE VERSION MEGABYTES SHA512
	package=$1
	say "fetching $1 $2 ($3 MB) with npm"
	mkdir "$partial/tar"
	# In the background, so that a signal reaches this script at once.
	(cd "$partial/tar" && exec npm pack --ignore-scripts --loglevel=error --no-update-notifier "$1@$2" </dev/null >/dev/null) &
	child=$!
	wait "$child" || die "npm could not fetch $1@$2 (its reason is above): check the network and npm's registry setting, then run it again"
	child=
	tarball=$(find "$partial/tar" -name '*.tgz')
	[ -f "$tarball" ] || die "npm left no tarball of $1@$2"
	verify "$tarball" "$4" "$1 $2"
	say "  sha512 is as pinned"
	each_file extract
	rm -rf "$partial/tar"
}

publish() {
	printf '%s\n' "$stamp" >"$partial/new/stamp"
	if complete; then
		say "another run finished first; its files are kept"
		return
	fi
	if [ -e "$assets" ]; then
		mv -T "$assets" "$partial/old" 2>/dev/null || :
	fi
	mv -T "$partial/new" "$assets" 2>/dev/null || complete || die "cannot move the files to $assets"
	say "done: .assets"
}

need_build_tools
stamp="$arch $(sha512sum <"$lock" 2>/dev/null || :)"
if complete; then
	fetching=no
else
	fetching=yes
	need npm npm "npm"
	need tar tar "tar"
fi
[ "$missing" = 0 ] || exit 1
[ "$fetching" = yes ] || exit 0

# Left by a run that was killed outright; a live one is never that old.
find "$root" -maxdepth 1 -name '.assets.partial-*' -mmin +120 -exec rm -rf {} +
partial=$(mktemp -d "$root/.assets.partial-XXXXXX")
mkdir "$partial/new"
chmod 755 "$partial/new"
while read -r word a b c d; do
	[ "$word" != package ] || fetch "$a" "$b" "$c" "$d"
done <"$lock"
publish
