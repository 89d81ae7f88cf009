"""The cluster, by kubectl and helm."""

import json
import subprocess
import time

NAMESPACE = "flowhq"
# Nothing that is waited for takes longer, but where a scene says so.
LIMIT = 180.0


class Failed(Exception):
    """Something did not come about. Its text says what."""


def until(what, look, limit=LIMIT):
    """Asks until there is something, and says how long that took: (answer, seconds)."""
    began = time.monotonic()
    last = None
    while time.monotonic() - began < limit:
        try:
            found = look()
            if found:
                return found, time.monotonic() - began
        except (Failed, OSError) as error:
            last = error
        time.sleep(0.1)
    raise Failed(f"not within {limit:.0f} s: {what}" + (f" ({last})" if last else ""))


class Cluster:
    def __init__(self, folder, state, chart):
        self.folder, self.state, self.chart = folder, state, chart

    def run(self, *command, given=None, limit=600):
        """Runs a command; its words."""
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=limit)
        if done.returncode != 0:
            raise Failed(f"{' '.join(command[:4])} …: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def kubectl(self, *arguments, given=None):
        return self.run(f"{self.folder}/bin/kube", "kubectl", "-n", NAMESPACE, *arguments, given=given)

    def apply(self, *documents):
        self.kubectl("apply", "-f", "-", given="\n---\n".join(json.dumps(document) for document in documents))

    def get(self, *arguments):
        return json.loads(self.kubectl("get", "-o", "json", *arguments))

    def helm(self, *arguments, given=None):
        return self.run(f"{self.folder}/bin/helm", "-n", NAMESPACE, *arguments, given=given)

    def pods(self, component):
        return self.get("pods", "-l", f"app.kubernetes.io/component={component}")["items"]

    def ready(self, component, count):
        """The pods, where so many are ready and none is left of those before."""
        pods = [pod for pod in self.pods(component)]
        fits = len(pods) == count and all(is_ready(pod) for pod in pods)
        return pods if fits else None

    def node_of(self, pod):
        return self.get("pod", pod)["spec"].get("nodeName")

    def node_is_ready(self, node):
        conditions = self.get("node", node)["status"]["conditions"]
        return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)


def is_ready(pod):
    if "deletionTimestamp" in pod["metadata"]:
        return False
    conditions = pod["status"].get("conditions", [])
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
