#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# build-linux-guest.sh KERNEL INITRD: Debian's kernel for clouds, from this computer's own package source, and an
# initrd whose one program tells what the kernel was told.
set -eu
here=$(dirname "$(readlink -f "$0")")
kernel=$(readlink -f "$1")
initrd=$(readlink -f "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9][^ ]*\).*/\1/p' | head -n 1)
[ -n "$package" ] || { echo 'no kernel for clouds in the package lists' >&2; exit 1; }
apt-get download -q "$package" >log 2>&1 || { cat log >&2; exit 1; }
dpkg-deb -x ./*.deb root
cc -static -Os -o init "$here/linux-init.c"
bsdtar -c --format newc -f - init | gzip >"$initrd.new"
cp root/boot/vmlinuz-* "$kernel.new"
mv "$initrd.new" "$initrd"
mv "$kernel.new" "$kernel"
