"""What lies between the clients, the nodes and the database, and can be cut: links between network
namespaces, or, where the kernel lets this user make none, relays on the loopback.

Each node has a link to the database and one to the clients, and none to another node: nodes tell
each other nothing but by the database. Both kinds of wires have the same functions."""

import os
import socket
import subprocess
import sys
import time

from relay import Relay, listening

HERE = os.path.dirname(os.path.abspath(__file__))
DIES_WITH_US = ["setpriv", "--pdeathsig", "KILL"]
INSIDE = "MUTIRAO_JEPSEN_INSIDE"  # set once this process stands in a namespace of its own


def namespaces_may_be_made():
    if os.geteuid() != 0:
        return False
    trial = "ip link add name near type veth peer name far && ip link set lo up"
    return subprocess.run(["unshare", "--net", "sh", "-c", trial], capture_output=True).returncode == 0


def enter_own_namespace():
    """Runs this program again in a namespace of its own, so that nothing of the machine's is
    touched and all is gone with it."""
    if INSIDE not in os.environ:
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])


def run(*words):
    subprocess.run(words, check=True)


class Namespaces:
    """10.9.N.0/30 is node N's link to the database (.1), 10.8.N.0/30 the one to the clients (.1)."""

    says = "network namespaces"
    receiver_host = "10.7.0.1"
    port = 5000

    def __init__(self, nodes):
        run("ip", "link", "set", "lo", "up")
        run("ip", "address", "add", self.receiver_host + "/32", "dev", "lo")
        self.holders = []
        self.database = self._make()
        self.nodes = {}
        for number in nodes:
            inside = self.nodes[number] = self._make()
            self._link(number, None, f"c{number}", "clients", inside, f"10.8.{number}")
            self._link(number, self.database, f"d{number}", "database", inside, f"10.9.{number}")
            run(*inside, "ip", "route", "add", self.receiver_host, "via", f"10.8.{number}.1")
            # A node under --dev listens on its loopback alone.
            self._hold(*inside, sys.executable, os.path.join(HERE, "relay.py"),
                       f"10.8.{number}.2:{self.port}", f"127.0.0.1:{self.port}")

    def _hold(self, *words):
        made = subprocess.Popen([*DIES_WITH_US, *words])
        self.holders.append(made)
        return made

    def _make(self):
        """The words before a command that is to run within a new namespace."""
        ours = os.readlink("/proc/self/ns/net")
        held = self._hold("unshare", "--net", "sleep", "infinity")
        while os.readlink(f"/proc/{held.pid}/ns/net") == ours:
            time.sleep(0.01)
        inside = ["nsenter", f"--net=/proc/{held.pid}/ns/net"]
        run(*inside, "ip", "link", "set", "lo", "up")
        return inside

    def _link(self, number, near, near_name, far_name, far, net):
        near = near or []
        held = far[1].split("/")[2]
        run(*near, "ip", "link", "add", "name", near_name, "type", "veth", "peer", "name", far_name,
            "netns", held)
        for inside, name, host in ((near, near_name, 1), (far, far_name, 2)):
            run(*inside, "ip", "address", "add", f"{net}.{host}/30", "dev", name)
            run(*inside, "ip", "link", "set", name, "up")

    def before_server(self):
        return self.database

    def server_settings(self):
        return ["listen_addresses = '*'"]

    def database_url(self, number, name, server):
        return f"postgres://mutirao@10.9.{number}.1/{name}"

    def before_node(self, number):
        return self.nodes[number]

    def listen_port(self):
        return self.port

    def node_listens(self, number, port):
        pass

    def address(self, number):
        return f"10.8.{number}.2", self.port

    def cut(self, number, what):
        self._wire(number, what, True)

    def mend(self, number, what):
        self._wire(number, what, False)

    def _wire(self, number, what, cut):
        if what == "answers of the database":
            # What the node sends arrives, and is done; nothing comes back.
            run(*self.database, "ip", "route", "add" if cut else "del", "blackhole",
                f"10.9.{number}.2/32")
        else:
            inside, name = ((self.database, "d") if what == "database" else ([], "c"))
            run(*inside, "ip", "link", "set", f"{name}{number}", "down" if cut else "up")

    def close(self):
        for held in self.holders:
            held.kill()
            held.wait()


class Relays:
    """The same on the loopback, without rights."""

    says = "relays (no network namespaces here)"
    receiver_host = "127.0.0.1"

    def __init__(self, nodes):
        self.ports = dict.fromkeys(nodes, 1)
        self.server_socket = None
        self.relays = {}
        for number in nodes:
            self.relays[number, "database"] = Relay(listening("127.0.0.1"), self._to_server)
            self.relays[number, "clients"] = Relay(
                listening("127.0.0.1"),
                lambda number=number: socket.create_connection(("127.0.0.1", self.ports[number])))

    def _to_server(self):
        made = socket.socket(socket.AF_UNIX)
        made.connect(self.server_socket)
        return made

    def before_server(self):
        return []

    def server_settings(self):
        return []

    def database_url(self, number, name, server):
        self.server_socket = os.path.join(server, ".s.PGSQL.5432")
        port = self.relays[number, "database"].listener.getsockname()[1]
        return f"postgres://mutirao@127.0.0.1:{port}/{name}"

    def before_node(self, number):
        return []

    def listen_port(self):
        return 0

    def node_listens(self, number, port):
        self.ports[number] = port

    def address(self, number):
        return self.relays[number, "clients"].listener.getsockname()

    def cut(self, number, what):
        relay = self.relays[number, what.split()[-1]]
        relay.swallows = {"answers"} if what.startswith("answers") else {"answers", "requests"}

    def mend(self, number, what):
        relay = self.relays[number, what.split()[-1]]
        relay.cut_all()
        relay.swallows = set()

    def close(self):
        pass
