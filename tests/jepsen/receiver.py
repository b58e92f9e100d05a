"""A real HTTP server that takes webhooks, fails now and then by the seed, and keeps what it got."""

import http.server
import json
import threading
import time


class Webhook:
    def __init__(self, path, headers, body):
        self.at = time.time()
        self.path = path
        self.id = headers.get("webhook-id", "")
        self.stamp = int(headers.get("webhook-timestamp", "0"))
        event = json.loads(body)
        self.type, self.job = event["type"], event["data"]["id"]


class Receiver:
    def __init__(self, host, random, history):
        self.lock = threading.Lock()
        self.received = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            timeout = 5

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                one = Webhook(self.path, self.headers, body)
                with outer.lock:
                    outer.received.append(one)
                    chance = random.random()
                if abs(one.stamp - one.at) > 300:
                    history.violate(f"webhook {one.id} says {one.stamp}, at {one.at:.0f}: its "
                                    "receiver would refuse it")
                if chance < 0.05:
                    self.close_connection = True
                    return
                self.send_response(500 if chance < 0.15 else 204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Serving(http.server.ThreadingHTTPServer):
            request_queue_size = 128

            def handle_error(self, request, client_address):
                """Connections that break are part of it."""

        self.server = Serving((host, 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        host, port = self.server.server_address
        return f"http://{host}:{port}{path}"
