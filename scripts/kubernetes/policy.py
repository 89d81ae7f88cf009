"""What every object of the chart has to be, read from what `helm template` writes: python3 policy.py [--portal|--one] < DOCUMENTS"""

import sys

import yaml

DOCUMENTS = [document for document in yaml.safe_load_all(sys.stdin) if document]
ALONE, ONE = "--portal" in sys.argv, "--one" in sys.argv
faults = []


def expect(fits, what):
    if not fits:
        faults.append(what)


def of_kind(kind):
    return [document for document in DOCUMENTS if document["kind"] == kind]


def one(kind, name):
    found = [document for document in of_kind(kind) if document["metadata"]["name"] == name]
    expect(len(found) == 1, f"{len(found)} of {kind} {name}")
    return found[0] if found else {"spec": {}}


def mounts_of(container):
    return container.get("volumeMounts", [])


# The profile "restricted" of Kubernetes, and what we ask beyond it.
workloads = of_kind("Deployment") + of_kind("StatefulSet")
for workload in workloads:
    name, pod = workload["metadata"]["name"], workload["spec"]["template"]["spec"]
    context = pod.get("securityContext", {})
    expect(context.get("runAsNonRoot") is True and context.get("runAsUser", 0) > 0, f"{name} may run as root")
    expect(context.get("seccompProfile", {}).get("type") == "RuntimeDefault", f"{name} has no seccomp profile")
    expect(pod.get("automountServiceAccountToken") is False, f"{name} is given a token for the Kubernetes API")
    expect(pod.get("enableServiceLinks") is False, f"{name} has addresses of other services in its environment")
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        expect(not pod.get(field), f"{name} has {field}")
    for volume in pod.get("volumes", []):
        expect(set(volume) - {"name"} <= {"emptyDir", "secret", "persistentVolumeClaim"}, f"{name}: a volume of another kind: {volume}")
    for container in pod["containers"] + pod.get("initContainers", []):
        where, own = f"{name}/{container['name']}", container.get("securityContext", {})
        expect(own.get("allowPrivilegeEscalation") is False, f"{where} may gain privileges")
        expect(own.get("readOnlyRootFilesystem") is True, f"{where} may write its root")
        expect(own.get("capabilities") == {"drop": ["ALL"]}, f"{where} keeps capabilities")
        expect(not own.get("privileged"), f"{where} is privileged")
        for variable in container.get("env", []):
            expect("secretKeyRef" not in str(variable), f"{where}: {variable['name']} has a secret in the environment")
            expect(variable["name"] not in {"DATABASE_URL", "MASTER_KEY", "ADMIN_PASSWORD"}, f"{where}: {variable['name']} in the environment")
    for container in pod["containers"]:
        resources = container.get("resources", {})
        expect("memory" in resources.get("limits", {}) and "memory" in resources.get("requests", {}), f"{name} has no bounds of memory")

# No pod of ours has a right on the Kubernetes API.
for kind in ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"):
    expect(not of_kind(kind), f"there is a {kind}")
expect(all(account.get("automountServiceAccountToken") is False for account in of_kind("ServiceAccount")), "a service account hands its token out")

# What runs bots: volumes that outlive everything, one pod to each, and nobody who ends it for not answering.
bots = one("StatefulSet", "flowhq-control" if ONE else "flowhq-hosts")
if bots["spec"]:
    claims = bots["spec"]["volumeClaimTemplates"]
    expect([claim["spec"]["accessModes"] for claim in claims] == [["ReadWriteOncePod"]], "the volume of bots is not for one pod alone")
    expect(bots["spec"]["persistentVolumeClaimRetentionPolicy"] == {"whenScaled": "Retain", "whenDeleted": "Retain"}, "claims are not kept")
    expect("livenessProbe" not in bots["spec"]["template"]["spec"]["containers"][0], "bots are ended for a listener that does not answer")

    away = {t["key"] for t in bots["spec"]["template"]["spec"].get("tolerations", []) if t.get("effect") == "NoExecute" and "tolerationSeconds" not in t}
    expect(away >= {"node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready"}, "bots are ended when a node that was away is back")

# Hosts never see the key of all links, and have names of their own.
hosts = {"spec": {}} if ONE else bots
if hosts["spec"]:
    pod = hosts["spec"]["template"]["spec"]
    secrets = [volume["secret"]["secretName"] for volume in pod["volumes"] if "secret" in volume]
    expect(secrets == ["flowhq-keys-hosts"], f"a host's pod has the Secrets {secrets}")
    keys = [mount for mount in mounts_of(pod["containers"][0]) if mount["name"] == "key"]
    expect([mount.get("subPathExpr") for mount in keys] == ["$(HOST_NAME)"], "a host sees other hosts' keys")
    service = one("Service", "flowhq-hosts")["spec"]
    expect(service.get("clusterIP") == "None" and service.get("publishNotReadyAddresses") is True, "hosts have no names of their own")

control = one("StatefulSet" if ONE else "Deployment", "flowhq-control")["spec"]
if control:
    container = control["template"]["spec"]["containers"][0]
    expect(container["args"] == (["serve"] if ONE else ["serve", "--standby"]), f"the control plane is {container['args']}")
    expect(not ONE or control["replicas"] == 1, "two would run the same bots")
    whole = {"maxSurge": 0, "maxUnavailable": "100%"}
    expect(ONE or control["strategy"]["rollingUpdate"] == whole, "a new version would wait for ever for one that stands by")
    named = next((v["value"] for v in container["env"] if v["name"] == "HOSTS"), None)
    names = [f"flowhq-hosts-{n}" for n in range(hosts["spec"].get("replicas", 0))]
    expected = ",".join(f"{name}={name}.flowhq-hosts.bots.svc:7443" for name in names)
    expect(named == (None if ONE else expected), f"HOSTS is {named}")

# Each workload is protected from the network, and but for the control plane from drains of all its pods at once.
for workload in workloads:
    name = workload["metadata"]["name"]
    labels = workload["spec"]["selector"]["matchLabels"]
    # Of control planes one alone is ready, which a budget would never let go.
    budget = {} if name == "flowhq-control" else one("PodDisruptionBudget", name)["spec"]
    expect(name == "flowhq-control" or budget.get("selector", {}).get("matchLabels") == labels and budget.get("maxUnavailable") == 1, f"{name} has no budget of disruptions")
    policy = one("NetworkPolicy", name)["spec"]
    expect(policy.get("podSelector", {}).get("matchLabels") == labels, f"{name} has no network policy")
    expect(policy.get("policyTypes") == ["Ingress", "Egress"], f"{name}: a direction is not bounded")
reach = [] if ONE else one("NetworkPolicy", "flowhq-hosts")["spec"].get("ingress", [])
expect(ONE or len(reach) == 1 and "control-plane" in str(reach[0]["from"]), "others than the control plane reach hosts")
expect(bool(ALONE) == any(d["metadata"]["name"] == "flowhq-portal" for d in of_kind("Deployment")), "the portal's pods")

if faults:
    sys.exit("the chart breaks its policy:\n" + "\n".join(f"- {fault}" for fault in faults))
