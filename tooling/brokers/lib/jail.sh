#!/bin/sh
# Runs one broker inside a Debian root, as the first process of a process and mount namespace of its own:
# when this script ends, the kernel ends whatever the broker started and drops the mounts.
#
# jail.sh ROOT DATA USER attached|detached COMMAND [ARGUMENT...]
#   DATA      is seen inside as /srv
#   attached  ends everything when standard input closes, so when the starter is gone, however it went
set -eu
root=$1 data=$2 user=$3 life=$4
shift 4

mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount --bind "$data" "$root/srv"

exec 3<&0 </dev/null
if [ "$life" = attached ]; then
  (cat <&3 >/dev/null; kill -KILL -1) &
fi
chroot --userspec="$user" "$root" "$@" 3<&- &
broker=$!
exec 3<&-
# From here the namespace must die from the broker's end alone.
trap '' HUP INT TERM
wait "$broker"
