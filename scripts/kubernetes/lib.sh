# Shared by the scripts of the bed. Sourced, never run.
# shellcheck shell=bash

# until_is WHAT SECONDS COMMAND...: asks until it is so, and says what was not where it never is.
until_is() {
    local what=$1 end=$((SECONDS + $2))
    shift 2
    until "$@" 2>/dev/null; do
        [ "$SECONDS" -lt "$end" ] || { echo "not in time: $what" >&2; return 1; }
        sleep 0.1
    done
}

# first_process UNSHARE: the first process of the world that this process has made.
first_process() {
    local pid=
    until pid=$(cat "/proc/$1/task/$1/children" 2>/dev/null) && [ -n "$pid" ]; do
        kill -0 "$1" || return 1
        sleep 0.05
    done
    echo "${pid%% *}"
}

# in_background STATE NAME COMMAND...: its words go to STATE/NAME.log, its process id to STATE/NAME.pid.
in_background() {
    local state=$1 name=$2
    shift 2
    setsid nohup "$@" >"$state/$name.log" 2>&1 </dev/null &
    echo $! >"$state/$name.pid"
}

# The kubelet writes sysctls of the whole machine. In this world it reads and writes files of ours in their place.
own_sysctls() { # STATE
    local name value file
    while read -r name value; do
        [ -e "/proc/sys/$name" ] || continue
        file=$1/sysctl.${name//\//.}
        [ -e "$file" ] || echo "$value" >"$file"
        mount --bind "$file" "/proc/sys/$name"
    done <<S
vm/overcommit_memory 1
vm/panic_on_oom 0
kernel/panic 10
kernel/panic_on_oops 1
kernel/keys/root_maxkeys 1000000
kernel/keys/root_maxbytes 25000000
S
}

# cgroup_of NODE: the folder of a node in each hierarchy.
cgroup_of() { echo "flowhq-bed-$1"; }

# Makes it. A cpuset takes nothing from above by itself in version 1.
own_cgroups() { # NODE
    local folder file
    for folder in /sys/fs/cgroup/*/; do
        mkdir -p "$folder$(cgroup_of "$1")"
    done
    for file in cpuset.cpus cpuset.mems; do
        [ ! -e "/sys/fs/cgroup/cpuset/$file" ] || cat "/sys/fs/cgroup/cpuset/$file" >"/sys/fs/cgroup/cpuset/$(cgroup_of "$1")/$file"
    done
}
