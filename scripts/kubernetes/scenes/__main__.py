"""All scenes, one after the other, under load; the record as JSON.

    python3 scripts/kubernetes/scenes FOLDER STATE CHART BINARY COMMIT RECORD HOSTS [SCENE...]     inside the bed
"""

import datetime
import json
import subprocess
import sys
import time

from cluster import Cluster, Failed, until
from faults import Faults
from hq import FlowHq
from scene import Scene
from setup import PASSWORD, prepare
from whatsapp import WhatsApp

NODES = ["node1", "node2"]
TENANTS = 6
# The order of the record: (name, what it is in words).
SCENES = [
    ("new_version", "roll-out of a new version"),
    ("drain", "drain of a node"),
    ("third_host", "scaled from two hosts to three"),
    ("fewer_hosts", "the third host emptied, and two again"),
    ("control_plane_killed", "kill -9 of the control plane that works"),
    ("cable", "the cable of a node is cut until it counts as lost, then mended"),
    ("volume_full", "a host's volume is full, then emptied"),
]


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    folder, state, chart, binary, commit, record = sys.argv[1:7]
    hosts = int(sys.argv[7])
    words_of = dict(SCENES)
    wanted = sys.argv[8:] or list(words_of)
    if unknown := set(wanted) - set(words_of):
        raise SystemExit(f"no such scene: {', '.join(unknown)}. There are: {', '.join(words_of)}")
    cluster, whatsapp = Cluster(folder, state, chart), WhatsApp()
    until("both nodes are ready", lambda: all(cluster.node_is_ready(node) for node in NODES))
    prepare(cluster, NODES, binary, hosts)

    began = time.monotonic()
    scene = Scene(cluster, whatsapp, hosts)
    scene.install("0.1.0", hosts)
    address = cluster.get("service", "flowhq-control")["spec"]["clusterIP"]
    scene.hq = FlowHq(f"http://{address}", PASSWORD)
    scene.all_ready()
    until("the admin API answers", scene.hq.answers)
    until("all hosts answer", lambda: scene.hq.hosts_answer(hosts))
    rows = [{"scene": "install", "words": "the chart is installed", "ready_s": round(time.monotonic() - began)}]
    say(f"installed: {rows[0]}")

    began = time.monotonic()
    for _ in range(TENANTS):
        scene.link_one()
    scene.settle()
    spread = {host: len(scene.bots_of(host)) for host in scene.host_names()}
    rows.append({"scene": "linked", "words": f"{TENANTS} tenants linked and answering", "linked_s": round(time.monotonic() - began), "on": spread})
    if not all(spread.values()):
        raise Failed(f"a host has no bot: {spread}")
    say(f"linked: {rows[1]}")

    faults, windows, trouble = Faults(scene), [], []
    # One that is named again is played again: what happens once in many times is looked for so.
    for name in wanted:
        words = words_of[name]
        if name in ("third_host", "fewer_hosts") and not hosts:
            continue
        scene.settle()
        begin, doubled, repeated = time.monotonic(), scene.load.doubled(), scene.load.repeated()
        try:
            hit, said = getattr(faults, name)()
            until(f"everybody is answered after {name}", lambda: scene.load.all_answered_since(hit), 180)
            scene.sessions_once()
        except Failed as error:
            trouble.append(f"{name}: {error}")
            say(trouble[-1])
            continue
        row = {"scene": name, "words": words, "bots": len(hit), **scene.load.window(begin, time.monotonic(), hit), **said}
        rows.append(row)
        row["doubled"] = scene.load.doubled() - doubled
        if again := scene.load.repeated() - repeated:
            row["repeated"] = again
        windows.append((row, begin, time.monotonic()))
        say(f"{name}: {row}")

    trouble += scene.load.end()
    for row, begin, end in windows:
        row["lost"] = scene.load.unanswered(begin, end)
    chats = scene.load.chats
    total = {
        "messages": sum(len(chat.talk) for chat in chats),
        "lost": sum(1 for chat in chats for _, answered in chat.talk if not answered),
        "doubled": scene.load.doubled(),
        "repeated": scene.load.repeated(),
    }
    say(f"in all: {total}")
    for words in scene.load.told_of_doubled():
        say(words)
    version = cluster.run(f"{folder}/bin/kube", "kubelet", "--version").strip()
    document = {
        "date": datetime.date.today().isoformat(),
        "commit": commit,
        "kubernetes": version,
        "flowhq": subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0],
        "nodes": len(NODES),
        "hosts": hosts,
        "tenants": len(scene.tenants),
        "rows": rows,
        "total": total,
        "missed": trouble,
    }
    with open(record, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=2)
        file.write("\n")
    if trouble or total["lost"] or total["doubled"]:
        raise SystemExit("missed: " + "; ".join(trouble + [f"{total['lost']} lost, {total['doubled']} doubled"]))


def explain():
    """What the cluster says of itself, for whoever looks why something did not come about."""
    for what in (["get", "pods", "-o", "wide"], ["get", "events", "--sort-by=.lastTimestamp"], ["get", "pv,pvc"]):
        done = subprocess.run([f"{sys.argv[1]}/bin/kube", "kubectl", "-n", "flowhq", *what], capture_output=True, text=True)
        say(done.stdout + done.stderr)
    for pod in ("control-plane", "host"):
        command = [f"{sys.argv[1]}/bin/kube", "kubectl", "-n", "flowhq", "logs", "-l", f"app.kubernetes.io/component={pod}", "--tail=15", "--prefix"]
        done = subprocess.run([*command, "-c", "flowhq"], capture_output=True, text=True)
        say(done.stdout + done.stderr)


try:
    main()
except Failed as failed:
    explain()
    raise SystemExit(f"missed: {failed}") from failed
