#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# fake-sound.sh play|record RATE CHANNELS: keeps what is played, and records the same few samples again
# and again, until there is nobody at the other end of the pipe.
set -eu
echo "$*" >>"$XENO_TEST_SOUND.asked"
case $1 in
  play) exec cat >>"$XENO_TEST_SOUND" ;;
  record) exec yes abc ;;
esac
