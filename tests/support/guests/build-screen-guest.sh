#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# build-screen-guest.sh SOURCE ISO: assemble the screen guest and put it on a bootable disc image.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
as --32 "$1" -o "$work/screen.o"
mkdir "$work/disc"
ld -m elf_i386 -Ttext 0x7c00 --oformat binary "$work/screen.o" -o "$work/disc/screen.bin"
xorriso -as mkisofs -quiet -V XENOLITH_SCREEN -J -R -b screen.bin -no-emul-boot -boot-load-size 4 \
  -o "$work/screen.iso" "$work/disc" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
mv "$work/screen.iso" "$2"
