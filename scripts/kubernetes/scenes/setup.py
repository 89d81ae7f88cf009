"""What the cluster has before Flow HQ: a namespace under the restricted policy, volumes, and the Secrets that docs/many-machines.md tells to make."""

import base64
import json
import os
import secrets
import subprocess

from cluster import NAMESPACE, until

HOSTS_AT_MOST = 3
PASSWORD = secrets.token_hex(12)


def secret(name, entries):
    data = {entry: base64.b64encode(value).decode() for entry, value in entries.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "data": data}


def volume(cluster, number, nodes):
    """A volume that either node can mount, like a network disk; which one mounts it is for Kubernetes to say."""
    terms = [{"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": nodes}]}]
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": f"volume-{number}"},
        "spec": {
            "storageClassName": "bed",
            "capacity": {"storage": "20Gi"},
            "accessModes": ["ReadWriteOncePod"],
            "persistentVolumeReclaimPolicy": "Retain",
            "local": {"path": f"{cluster.state}/volumes/{number}"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": terms}},
        },
    }


def host_key(binary, folder, name):
    """The key of a host, as the control plane's side derives it from link.key."""
    command = [binary, "host", "--print-key", name]
    return subprocess.run(command, env={"DATA_DIR": folder, "HOME": folder}, check=True, capture_output=True).stdout


def prepare(cluster, nodes, binary, hosts):
    policy = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn", "audit")}
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": policy}})
    # Pods cannot be made before it is there.
    until("the namespace has its service account", lambda: cluster.get("serviceaccounts")["items"])
    storage_class = {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": "bed"},
        "provisioner": "kubernetes.io/no-provisioner",
        "volumeBindingMode": "WaitForFirstConsumer",
        "reclaimPolicy": "Retain",
    }
    cluster.apply(storage_class, *(volume(cluster, n, nodes) for n in range(1, HOSTS_AT_MOST + 1)))

    with open(f"{cluster.state}/postgres.json", encoding="utf-8") as file:
        database = json.load(file)
    keys = f"{cluster.state}/flowhq-keys"
    os.makedirs(keys, mode=0o700, exist_ok=True)
    link = secrets.token_bytes(32)
    with open(f"{keys}/link.key", "wb") as file:
        file.write(link)
    names = [f"flowhq-hosts-{n}" for n in range(HOSTS_AT_MOST)] if hosts else []
    cluster.apply(
        secret("flowhq-database", {"url": database["url"].encode(), "migrate-url": database["migrate"].encode()}),
        secret(
            "flowhq-keys",
            {
                "link.key": link,
                "master.key": secrets.token_hex(32).encode(),
                "backup.key": secrets.token_hex(32).encode(),
                "admin-password": PASSWORD.encode(),
            },
        ),
        secret("flowhq-keys-hosts", {name: host_key(binary, keys, name) for name in names}),
    )


def values(version="0.1.0", hosts=2):
    """The three values that an installation needs, and beside them what only a test has: the virtual WhatsApp's relay in each pod,
    volumes of the bed's class, small machines, and no waiting for customers who might write on."""
    relay = {
        "name": "relay",
        "image": "docker.io/flowhq/relay:one",
        "args": ["tcp:127.0.0.1:7710", "tcp:$(NODE):7710"],
        "env": [{"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}}}],
        "securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}},
    }
    return {
        "database": {"secret": "flowhq-database"},
        "addresses": {"admin": "https://control.example.org", "portal": "https://app.example.org"},
        "keys": {"secret": "flowhq-keys"},
        "image": {"tag": version},
        "hosts": {"replicas": hosts, "capacity": 100, "sidecars": [relay], "storage": {"class": "bed"}},
        "settings": {
            "WHATSAPP_URL": "ws://127.0.0.1:7710/ws/chat",
            "REPLY_QUIET_MS": 0,
            "RATE_LIMIT_MAX_PER_MINUTE": 10000,
            "TENANT_PACE_PER_MINUTE": 1000000,
        },
    }
