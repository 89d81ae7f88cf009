"""JSON over HTTP, one connection a thread."""

import http.client
import json
import threading
import time
import urllib.parse

from cluster import Failed


# One that was quiet for longer may be closed by the other side at any moment.
KEPT_FOR = 5.0


class Http:
    def __init__(self, url, headers=None):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port = parts.hostname, parts.port or 80
        self.headers = {"accept": "application/json", **(headers or {})}
        self.kept = threading.local()

    def ask(self, method, path, body=None, limit=30.0):
        """The answer's document, or Failed with the problem's words."""
        data = None if body is None else json.dumps(body).encode()
        headers = dict(self.headers)
        if data is not None:
            headers["content-type"] = "application/json"
        connection = getattr(self.kept, "connection", None)
        if connection is None or time.monotonic() - self.kept.used > KEPT_FOR:
            if connection is not None:
                connection.close()
            connection = self.kept.connection = http.client.HTTPConnection(self.host, self.port)
        self.kept.used = time.monotonic()
        connection.timeout = limit
        if connection.sock is not None:
            connection.sock.settimeout(limit)
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            self.kept.connection = None
            raise Failed(f"{method} {path}: {type(error).__name__} {error}") from error
        self.kept.used = time.monotonic()
        if answer.status >= 300:
            raise Failed(f"{method} {path}: {answer.status} {text[:300].decode(errors='replace')}")
        return json.loads(text) if text else None

    def get(self, path, limit=30.0):
        return self.ask("GET", path, limit=limit)

    def post(self, path, body=None, limit=30.0):
        return self.ask("POST", path, body, limit=limit)
