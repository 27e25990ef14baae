#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# build-kernel-guest.sh SOURCE KERNEL: assemble what a loader takes for a kernel.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
as --32 "$1" -o "$work/kernel.o"
ld -m elf_i386 -Ttext 0 --oformat binary "$work/kernel.o" -o "$work/kernel"
mv "$work/kernel" "$2"
