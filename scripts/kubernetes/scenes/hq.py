"""The admin API of Flow HQ, through its Service."""

import base64

from cluster import until
from http_json import Http


class FlowHq:
    def __init__(self, address, password):
        token = base64.b64encode(f"admin:{password}".encode()).decode()
        # The name that browsers would ask for: the listener refuses others.
        self.http = Http(address, {"authorization": f"Basic {token}", "host": "control.example.org"})

    def answers(self):
        self.http.get("/admin/tenants?limit=1", limit=2)
        return True

    def create(self, n):
        number = f"2557540{n:05}"
        config = {"template_type": "SUPPORT", "language": "EN", "business_name": f"Shop {n}"}
        body = {"name": f"Tenant {n}", "phone_number": f"+{number}", "config": config}
        return self.http.post("/admin/tenants", body)["id"], number

    def tenant(self, tenant):
        return self.http.get(f"/admin/tenants/{tenant}")["tenant"]

    def is_connected(self, tenant):
        now = self.tenant(tenant)
        return now["status"] == "ACTIVE" and now["whatsapp_session"]["state"] == "CONNECTED"

    def link(self, whatsapp, n):
        """A tenant whose phone has linked its bot: (id, number)."""
        tenant, number = self.create(n)
        whatsapp.business(number, f"Shop {n}")
        self.http.post(f"/admin/tenants/{tenant}/worker/start")
        code, _ = until(f"a QR code of tenant {n}", lambda: self.http.get(f"/admin/tenants/{tenant}/qr")["code"])
        whatsapp.scan(number, code)
        until(f"tenant {n} is connected", lambda: self.is_connected(tenant))
        return tenant, number

    def hosts_answer(self, count):
        """A host that is ready may not have been dialled yet, and takes nothing before."""
        return count == 0 or sum(host["state"] == "READY" for host in self.http.get("/admin/hosts")) == count

    def drain(self, host):
        """Moves the tenants of a host to others."""
        self.http.post(f"/admin/hosts/{host}/drain")
