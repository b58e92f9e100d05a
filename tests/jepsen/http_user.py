"""A user of the API, who asks whichever node answers."""

import base64
import hashlib
import hmac
import http.client
import json
import time

from cluster import SECRET

PATIENCE = 4  # seconds


def token(user, units):
    def part(value):
        text = value if isinstance(value, bytes) else json.dumps(value).encode()
        return base64.urlsafe_b64encode(text).rstrip(b"=")

    claims = {"userId": user, "exp": int(time.time()) + 100 * 86400,
              "unidades": [{"id": unit, "nome": f"Unidade {unit}"} for unit in units]}
    signed = part({"alg": "HS256", "typ": "JWT"}) + b"." + part(claims)
    return (signed + b"." + part(hmac.digest(SECRET.encode(), signed, hashlib.sha256))).decode()


class Answer:
    def __init__(self, status, data, node):
        self.status, self.data, self.node = status, data, node

    def unknown(self):
        """It may have been done, or be done yet."""
        return self.status == 0 or self.status >= 500


class HttpUser:
    """Keeps a connection to each node. Used by one thread."""

    def __init__(self, user, units, wires, nodes, history):
        self.user, self.wires, self.nodes, self.history = user, wires, nodes, history
        self.headers = {"Authorization": "Bearer " + token(user, units)}
        self.connections = {}

    def ask(self, what, node, method, path, body=None, key=None):
        """One try at one node; status 0 where no answer came."""
        headers = dict(self.headers)
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key:
            headers["Idempotency-Key"] = key
        text = json.dumps(body) if body is not None else None
        answer = self._answer(node, method, path, text, headers)
        self.history.count(what, answer.status)
        said = answer.data.get("detail") or answer.data.get("message") or ""
        self.history.note(f"user {self.user} node {node}: {method} {path} {key or ''} "
                          f"{answer.status} {answer.data.get('jobId', '')} {said[:60]}")
        if answer.status >= 500 and answer.status != 503:
            self.history.violate(f"{method} {path} was answered {answer.status}: {answer.data}")
        return answer

    def _answer(self, node, method, path, text, headers):
        try:
            to = self.connections.get(node)
            if to is None:
                host, port = self.wires.address(node)
                to = self.connections[node] = http.client.HTTPConnection(host, port, PATIENCE)
            to.request(method, path, text, headers)
            got = to.getresponse()
            return Answer(got.status, json.loads(got.read() or b"{}"), node)
        except (OSError, http.client.HTTPException, ValueError):
            self.connections.pop(node).close()  # half an answer may be on it
            return Answer(0, {}, node)

    def close(self):
        for each in self.connections.values():
            each.close()


class Stream:
    """Server-sent events from one node, block by block."""

    def __init__(self, by, node, path, last_id=None, patience=PATIENCE):
        """OSError or HTTPException where there is none."""
        host, port = by.wires.address(node)
        self.connection = http.client.HTTPConnection(host, port, patience)
        headers = dict(by.headers)
        if last_id:
            headers["Last-Event-ID"] = last_id
        try:
            self.connection.request("GET", path, headers=headers)
            self.answer = self.connection.getresponse()
        except BaseException:
            self.connection.close()
            raise
        self.status = self.answer.status

    def blocks(self):
        """(id, name, data) each, absent ones empty, until the stream ends in order; an exception
        where it breaks off, or says nothing for too long."""
        fields = {}
        while True:
            line = self.answer.readline()
            if not line:
                return
            text = line.decode().rstrip("\n")
            if not text:
                yield fields.get("id", ""), fields.get("event", ""), fields.get("data", "")
                fields = {}
            elif ": " in text and not text.startswith(":"):
                name, value = text.split(": ", 1)
                fields[name] = value

    def close(self):
        self.connection.close()
