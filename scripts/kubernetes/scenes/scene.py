"""Flow HQ on the cluster, as the scenes see it."""

import json
import os
import time

from cluster import Failed, is_ready, until
from load import Load
from setup import values

CUSTOMERS = 2


class Scene:
    """With no hosts, the one control plane is what runs bots."""

    def __init__(self, cluster, whatsapp, hosts):
        self.cluster, self.whatsapp, self.hq = cluster, whatsapp, None
        self.load = Load(whatsapp)
        self.version, self.hosts = "0.1.0", hosts
        self.tenants = []  # (id, number)

    def install(self, version, hosts):
        self.version, self.hosts = version, hosts
        given = json.dumps(values(version, hosts))
        self.cluster.helm("upgrade", "--install", "flowhq", self.cluster.chart, "-f", "-", given=given)

    def all_ready(self, version=None):
        """Waits until all pods are ready, and of this version."""

        def look():
            control, hosts = self.control_planes(), self.cluster.ready("host", self.hosts)
            if control is None or hosts is None:
                return None
            images = {c["image"] for pod in control + hosts for c in pod["spec"]["containers"]}
            return version is None or all(image.endswith(f":{version}") for image in images)

        _, seconds = until("all pods are ready", look, 300)
        return seconds

    def control_planes(self):
        """All that there have to be, one of which is ready: whoever stands by is not."""
        pods = self.cluster.pods("control-plane")
        whole = len(pods) == (2 if self.hosts else 1) and not any("deletionTimestamp" in pod["metadata"] for pod in pods)
        return pods if whole and sum(is_ready(pod) for pod in pods) == 1 else None

    def link_one(self):
        n = len(self.tenants) + 1
        tenant, number = self.hq.link(self.whatsapp, n)
        customers = [f"2557120{n:03}{c:03}" for c in range(CUSTOMERS)]
        for customer in customers:
            self.whatsapp.customer(customer, f"Customer {customer[-3:]}")
        self.tenants.append((tenant, number))
        self.load.add(number, customers)
        return tenant, number

    def host_names(self):
        return [f"flowhq-hosts-{n}" for n in range(self.hosts)] or ["flowhq-control-0"]

    def volume_of(self, host):
        claim = self.cluster.get("pvc", f"data-{host}")
        return f"{self.cluster.state}/volumes/{claim['spec']['volumeName'].removeprefix('volume-')}"

    def host_of(self, tenant):
        """Where its session lies, looked up on the volumes themselves. In two places is one too many."""
        below = "data/sessions" if self.hosts else "sessions"
        places = [host for host in self.host_names() if os.path.exists(f"{self.volume_of(host)}/{below}/{tenant}/session.db")]
        if len(places) != 1:
            raise Failed(f"the session of {tenant} lies in {len(places)} places: {places}")
        return places[0]

    def bots_of(self, host):
        return {number for tenant, number in self.tenants if self.host_of(tenant) == host}

    def bots_on(self, node):
        on = [host for host in self.host_names() if self.cluster.node_of(host) == node]
        return set().union(*(self.bots_of(host) for host in on))

    def active_control_plane(self):
        """The pod that has the lease."""
        for pod in self.cluster.pods("control-plane"):
            if is_ready(pod):
                return pod
        raise Failed("no control plane works")

    def sessions_once(self):
        """That each session lies in one place."""
        for tenant, _ in self.tenants:
            self.host_of(tenant)

    def settle(self):
        """Waits until everybody has been answered anew, so that a scene begins from what is whole."""
        now = {number: time.monotonic() for _, number in self.tenants}
        until("everybody is answered", lambda: self.load.all_answered_since(now), 120)
