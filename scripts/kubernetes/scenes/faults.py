"""What goes wrong, or is done on purpose, with Flow HQ on the cluster. Each returns the instant of the fault, the bots that it hits
(None: all), and what else is worth saying."""

import os
import signal
import time

from cluster import Failed, until


def processes(*words):
    """Ids of processes, as the bed sees them, whose command line has all these words."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                arguments = file.read().decode(errors="replace").split("\0")
            if all(word in arguments for word in words):
                found.append(int(pid))
        except OSError:
            pass
    return found


def of_pod(pid, uid):
    """Whether a process is of the pod with this uid."""
    try:
        with open(f"/proc/{pid}/cgroup", encoding="ascii") as file:
            return f"pod{uid}" in file.read()
    except OSError:
        return False


class Faults:
    def __init__(self, scene):
        self.scene, self.cluster, self.load = scene, scene.cluster, scene.load

    def new_version(self):
        """Roll-out of a new version: control planes, then hosts, one after another."""
        fault = time.monotonic()
        self.scene.install("next", self.scene.hosts)
        self.scene.all_ready("0.1.0", "next")
        return fault, None, {"rolled_out_s": round(time.monotonic() - fault)}

    def drain(self):
        """Drain of a node: its host goes to the other one, and its volume with it."""
        node = self.cluster.node_of(self.scene.host_names()[-1])
        hit = self.scene.bots_on(node)
        fault = time.monotonic()
        self.cluster.kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=170s")
        self.scene.all_ready()
        self.cluster.kubectl("uncordon", node)
        return fault, hit, {"drained_s": round(time.monotonic() - fault)}

    def third_host(self):
        """Three hosts in place of two; the next tenants go to the new one."""
        fault = time.monotonic()
        self.scene.hosts = 3
        self.scene.install(self.scene.version, 3)
        self.scene.all_ready()
        there = round(time.monotonic() - fault)
        new = [self.scene.link_one() for _ in range(2)]
        places = {self.scene.host_of(tenant) for tenant, _ in new}
        return fault, {number for _, number in new}, {"ready_s": there, "new_tenants_on": sorted(places)}

    def control_plane_killed(self):
        """kill -9 of the control plane that works."""
        pod = self.scene.active_control_plane()
        pids = [pid for pid in processes("serve") if of_pod(pid, pod["metadata"]["uid"])]
        if not pids:
            raise Failed("no process of the active control plane was found")
        fault = time.monotonic()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        _, away = until("the admin API answers again", self.scene.hq.answers)
        return fault, None, {"api_again_ms": round(away * 1000)}

    def cable(self):
        """The cable of a node is cut until Kubernetes calls it lost, then mended. Its bots reach WhatsApp along another way."""
        node = self.cluster.node_of(self.scene.host_names()[-1])
        hit = self.scene.bots_on(node)
        fault = time.monotonic()
        self.cluster.run("ip", "link", "set", node, "down")
        _, lost = until(f"{node} is not ready", lambda: not self.cluster.node_is_ready(node))
        # Nothing is forced: the pod keeps its name, and its bots go on.
        if not self.load.all_answered_since(fault, hit):
            raise Failed("a bot behind the cut cable did not answer")
        mended = time.monotonic()
        self.cluster.run("ip", "link", "set", node, "up")
        self.scene.all_ready()
        said = {"not_ready_after_s": round(lost), "ready_again_s": round(time.monotonic() - mended)}
        return fault, hit, said

    def volume_full(self):
        """A host's volume is full, and is emptied again after a while. Bots take nothing in that they could not keep."""
        host = self.scene.host_names()[0]
        hit = self.scene.bots_of(host)
        filler = f"{self.scene.volume_of(host)}/filler"
        began = time.monotonic()
        room = os.statvfs(os.path.dirname(filler))
        with open(filler, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize)
        until("its bots stop answering", lambda: self.load.silent(hit, 3), 60)
        stopped = time.monotonic()
        os.unlink(filler)
        return stopped, hit, {"full_for_s": round(stopped - began)}
