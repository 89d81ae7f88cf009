"""The virtual WhatsApp, by its control API."""

from http_json import Http


class WhatsApp:
    def __init__(self, url="http://127.0.0.1:7712"):
        self.http = Http(url)

    def business(self, number, name):
        self.http.post("/v1/accounts", {"number": number, "name": name, "business": True})

    def customer(self, number, name):
        self.http.post("/v1/accounts", {"number": number, "name": name})

    def scan(self, number, code):
        self.http.post(f"/v1/accounts/{number}/scan", {"text": code}, limit=60)

    def write(self, customer, to, text):
        self.http.post(f"/v1/accounts/{customer}/messages", {"chat": to, "body": {"kind": "text", "text": text}})

    def came_in(self, customer, after=0, wait=None):
        """What came in behind that place of the transcript; waits for so many seconds until there is something."""
        query = f"direction=in&after={after}" + ("" if wait is None else f"&wait={wait}")
        return self.http.get(f"/v1/accounts/{customer}/messages?{query}", limit=(wait or 0) + 30)

    def repeated(self, customer):
        """Messages whose id came in more than once."""
        return self.http.get(f"/v1/accounts/{customer}/exactly-once")["repeated"]
