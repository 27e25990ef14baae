#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# build-installer-guest.sh SOURCE KERNEL BOOT: assemble the installer as a loader of Linux starts it, and as a BIOS.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cpp -P -DKERNEL "$1" "$work/kernel.s"
as --32 "$work/kernel.s" -o "$work/kernel.o"
ld -m elf_i386 -Ttext 0 --oformat binary "$work/kernel.o" -o "$work/kernel"
cpp -P "$1" "$work/boot.s"
as --32 "$work/boot.s" -o "$work/boot.o"
ld -m elf_i386 -Ttext 0x7c00 --oformat binary "$work/boot.o" -o "$work/boot"
mv "$work/kernel" "$2"
mv "$work/boot" "$3"
