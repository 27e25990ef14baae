#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# build-cloud-guest.sh SOURCE IMAGE: assemble the cloud guest and make it a raw disk image.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
as --32 "$1" -o "$work/cloud.o"
ld -m elf_i386 -Ttext 0x7c00 --oformat binary "$work/cloud.o" -o "$work/cloud.img"
truncate -s 1M "$work/cloud.img"
mv "$work/cloud.img" "$2"
