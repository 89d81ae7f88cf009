"""What goes wrong, or is done on purpose, with Flow HQ on the cluster. Each returns the instant of the fault for each bot that it
hits, and what else is worth saying."""

import errno
import os
import signal
import threading
import time

from cluster import Failed, until


def processes(*words):
    """Ids of processes, as the bed sees them, that are `flowhq WORD …` for one of these words."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                arguments = file.read().decode(errors="replace").split("\0")
            if arguments[0].endswith("/flowhq") and arguments[1] in words:
                found.append(int(pid))
        except (OSError, IndexError):
            pass
    return found


def of_pod(pid, uid):
    """Whether a process is of the pod with this uid."""
    try:
        with open(f"/proc/{pid}/cgroup", encoding="ascii") as file:
            return f"pod{uid}" in file.read()
    except OSError:
        return False


class Ends(threading.Thread):
    """When the process of each host ends: from then on its bots are away."""

    def __init__(self, scene):
        super().__init__(daemon=True)
        self.scene, self.at, self.enough = scene, {}, threading.Event()
        self.pids = {}
        for host in scene.host_names():
            uid = scene.cluster.get("pod", host)["metadata"]["uid"]
            self.pids[host] = [pid for pid in processes("serve", "host") if of_pod(pid, uid)]

    def run(self):
        while not self.enough.wait(0.01):
            for host, pids in self.pids.items():
                if host not in self.at and not any(os.path.exists(f"/proc/{pid}") for pid in pids):
                    self.at[host] = time.monotonic()

    def of_bots(self):
        """The instant for each bot whose host has ended."""
        self.enough.set()
        self.join()
        return {number: at for host, at in self.at.items() for number in self.scene.bots_of(host)}


class Faults:
    def __init__(self, scene):
        self.scene, self.cluster, self.load = scene, scene.cluster, scene.load

    def at_once(self, bots=None):
        """Now, for these bots or for all."""
        now = time.monotonic()
        return {number: now for number in (bots if bots is not None else {number for _, number in self.scene.tenants})}

    def new_version(self):
        began, ends = time.monotonic(), Ends(self.scene)
        ends.start()
        self.scene.install("next", self.scene.hosts)
        self.scene.all_ready("next")
        return ends.of_bots(), {"rolled_out_s": round(time.monotonic() - began)}

    def drain(self):
        node = self.cluster.node_of(self.scene.host_names()[-1])
        began, ends = time.monotonic(), Ends(self.scene)
        ends.start()
        self.cluster.kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=170s")
        self.scene.all_ready()
        self.cluster.kubectl("uncordon", node)
        return ends.of_bots(), {"drained_s": round(time.monotonic() - began)}

    def third_host(self):
        """The next tenants go to the new host."""
        faults, began = self.at_once(), time.monotonic()
        self.scene.install(self.scene.version, 3)
        self.scene.all_ready()
        until("all hosts answer", lambda: self.scene.hq.hosts_answer(3))
        there = round(time.monotonic() - began)
        new = [self.scene.link_one() for _ in range(2)]
        places = {self.scene.host_of(tenant) for tenant, _ in new}
        return faults, {"ready_s": there, "new_tenants_on": sorted(places)}

    def fewer_hosts(self):
        """The host with the highest number is emptied, and then goes; its claim stays."""
        host = self.scene.host_names()[-1]
        hit = self.scene.bots_of(host)
        faults, began = self.at_once(hit), time.monotonic()
        self.scene.hq.drain(host)
        until(f"{host} is empty", lambda: not self.scene.bots_of(host))
        emptied = round(time.monotonic() - began)
        self.scene.install(self.scene.version, self.scene.hosts - 1)
        self.scene.all_ready()
        self.cluster.get("pvc", f"data-{host}")
        return faults, {"emptied_s": emptied, "gone_s": round(time.monotonic() - began)}

    def control_plane_killed(self):
        pod = self.scene.active_control_plane()
        pids = [pid for pid in processes("serve") if of_pod(pid, pod["metadata"]["uid"])]
        if not pids:
            raise Failed("no process of the active control plane was found")
        faults = self.at_once()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        _, away = until("the admin API answers again", self.scene.hq.answers)
        return faults, {"api_again_ms": round(away * 1000)}

    def cable(self):
        """Its bots reach WhatsApp along another way, as they would with a node that only its cluster cannot reach."""
        node = self.cluster.node_of(self.scene.host_names()[-1])
        hit = self.scene.bots_on(node)
        faults, cut = self.at_once(hit), time.monotonic()
        self.cluster.run("ip", "link", "set", node, "down")
        _, lost = until(f"{node} is not ready", lambda: not self.cluster.node_is_ready(node))
        # Nothing is forced: the pod keeps its name, and its bots go on.
        answered = time.monotonic()
        until("the bots behind the cut cable answer", lambda: self.load.all_answered_since(dict.fromkeys(hit, answered)), 20)
        mended = time.monotonic()
        self.cluster.run("ip", "link", "set", node, "up")
        self.scene.all_ready()
        said = {"cut_s": round(mended - cut), "not_ready_after_s": round(lost), "ready_again_s": round(time.monotonic() - mended)}
        return faults, said

    def volume_full(self):
        """Bots take nothing in that they could not keep; counted from the moment at which there is room again."""
        host = self.scene.host_names()[0]
        hit = self.scene.bots_of(host)
        filler = f"{self.scene.volume_of(host)}/filler"
        began = time.monotonic()
        fill(filler)
        until("its bots stop answering", lambda: self.load.silent(hit, 3), 60)
        faults = self.at_once(hit)
        os.unlink(filler)
        return faults, {"full_s": round(time.monotonic() - began)}


def fill(path):
    """A file that takes all the room there is, while others take some of it too."""
    with open(path, "wb") as file:
        taken, share = 0, 1.0
        while True:
            room = os.statvfs(path)
            blocks = int(room.f_bavail * share)
            if not blocks:
                return
            try:
                os.posix_fallocate(file.fileno(), taken, blocks * room.f_frsize)
                taken += blocks * room.f_frsize
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                share /= 2
