"""Passes bytes of TCP connections on, until it is told to swallow them or to cut. As a program:
relay.py HOST:PORT HOST:PORT, from the first to the second."""

import select
import signal
import socket
import sys
import threading

PEER_GONE = ((socket.TCP_KEEPIDLE, 5), (socket.TCP_KEEPINTVL, 2), (socket.TCP_KEEPCNT, 2))


class Relay:
    def __init__(self, listener, connect):
        """`connect()` makes a socket to the target, or raises OSError."""
        self.listener = listener
        self.connect = connect
        self.swallows = set()  # of "requests" and "answers": bytes that go nowhere
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_all(self):
        self.cuts += 1

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client):
        cuts_before = self.cuts
        client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, seconds in PEER_GONE:
            client.setsockopt(socket.IPPROTO_TCP, option, seconds)
        try:
            target = self.connect()
        except OSError:
            client.close()
            return
        ways = {client: (target, "requests"), target: (client, "answers")}
        try:
            while self.cuts == cuts_before:
                for source in select.select(list(ways), [], [], 0.1)[0]:
                    to, name = ways[source]
                    got = source.recv(65536)
                    if not got:
                        return
                    if name not in self.swallows:
                        to.sendall(got)
        except OSError:
            pass
        finally:
            client.close()
            target.close()


def listening(host, port=0):
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((host, port))
    made.listen(128)
    return made


def main():
    (host, port), target = (word.split(":") for word in sys.argv[1:])
    Relay(listening(host, int(port)), lambda: socket.create_connection(target, timeout=None))
    signal.pause()


if __name__ == "__main__":
    main()
