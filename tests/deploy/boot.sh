# Boots one host inside namespaces of its own: when their first process dies, all of it is gone.
# usage: boot.sh FOLDER CGROUP LAYERS [argument of systemd-nspawn ...]
folder=$1 group=$2 layers=$3
shift 3
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p "/sys/fs/cgroup/$group"
echo 0 >"/sys/fs/cgroup/$group/cgroup.procs"
# What systemd-nspawn keeps under a machine's name: other hosts have the same one.
mkdir -p /run/systemd/nspawn
mount -t tmpfs tmpfs /run/systemd/nspawn
mount -t overlay overlay \
  -o "lowerdir=$layers,upperdir=$folder/upper,workdir=$folder/work,volatile" "$folder/merged"
again=133 # what systemd-nspawn exits with when the host reboots
status=$again
while [ "$status" = "$again" ]; do
  status=0
  systemd-nspawn --quiet --register=no --keep-unit --boot --notify-ready=yes --console=pipe \
    --link-journal=no --resolv-conf=bind-host --directory="$folder/merged" "$@" </dev/null ||
    status=$?
done
exit "$status"
