#!/usr/bin/env python3
"""Three nodes on one PostgreSQL server under a mixed load, with faults, from a seed; then what was
stored and what each client was told is held against what is promised. See docs/testing.md."""

import argparse
import collections
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import wires as networks
from checks import Checks
from clients import Client, Listener
from cluster import SECRET, WITNESS, Node, Server, clocks_can_be_moved, stop_left_over
from faults import CHANCES, Faults
from history import History
from receiver import Receiver
from watcher import Watcher

FIRST_USER = 901  # beside those of the demo data
UNITS_OF_A_CLIENT = 2
MOST_DESCRIPTORS = 200


def options():
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--program", required=True, help="the mutirao to test")
    read.add_argument("--minutes", type=float, default=2, help="of load and faults")
    read.add_argument("--seed", type=int, default=None)
    read.add_argument("--lease", type=int, default=5, help="seconds")
    read.add_argument("--nodes", type=int, default=3)
    read.add_argument("--clients", type=int, default=6)
    read.add_argument("--companies", type=int, default=80, help="of each unit, at the start")
    read.add_argument("--only", action="append", choices=list(CHANCES), help="faults of this kind")
    read.add_argument("--relays", action="store_true", help="no network namespaces")
    read.add_argument("--folder", help="where everything is kept; emptied first")
    read.add_argument("--keep", action="store_true", help="the folder, also without a violation")
    given = read.parse_args()
    if given.seed is None:
        given.seed = random.SystemRandom().randrange(10**6)
    return given


class Test:
    def __init__(self, given):
        self.given = given
        self.folder = given.folder or tempfile.mkdtemp(prefix="mutirao-jepsen-")
        if given.folder and os.path.exists(given.folder):
            stop_left_over(os.path.join(self.folder, "pg"))
            shutil.rmtree(self.folder)
        os.makedirs(self.folder, exist_ok=True)
        os.chmod(self.folder, 0o755)  # the server's own user must come through
        self.history = History(os.path.join(self.folder, "history.log"))
        self.numbers = list(range(1, given.nodes + 1))
        self.stop, self.end_of_streams = threading.Event(), threading.Event()
        self.wires = self.server = None
        self.nodes = []

    def random(self, *what):
        return random.Random("/".join(map(str, (self.given.seed, *what))))

    def set_up(self):
        given = self.given
        self.wires = (networks.Relays if given.relays else networks.Namespaces)(self.numbers)
        self.kinds = set(given.only or CHANCES)
        if not clocks_can_be_moved(self.folder):
            self.kinds.discard("clock")
            print("clocks are not moved: libfaketime is not here")
        print(f"seed {given.seed}: {given.nodes} nodes, lease {given.lease} s, {given.minutes:g} "
              f"minutes, {self.wires.says}; logs in {self.folder}", flush=True)
        self.server = Server(os.path.join(self.folder, "pg"), self.wires)
        subprocess.run([given.program, "demo", "--database", self.server.url(), "--seed", "1",
                        "--units", str(given.clients * UNITS_OF_A_CLIENT),
                        "--companies", str(given.companies)], check=True,
                       stdout=subprocess.DEVNULL, env={"MUTIRAO_JWT_SECRET": SECRET})
        self.server.query(WITNESS)
        for number in self.numbers:
            self.nodes.append(Node(number, given.program, self.folder, self.wires, self.server,
                                   given.lease))
            self.nodes[-1].start()
        self.receiver = Receiver(self.wires.receiver_host, self.random("receiver"), self.history)
        self.watcher = Watcher(self.server, self.history)
        self.faults = Faults(self.random("faults"), given.lease, self.nodes, self.server,
                             self.wires, self.history, self.watcher, self.kinds)

    def begin_load(self):
        self.clients, self.listeners = [], []
        for turn in range(self.given.clients):
            units = [turn * UNITS_OF_A_CLIENT + 1 + i for i in range(UNITS_OF_A_CLIENT)]
            companies = [int(row[0]) for row in self.server.query(
                f"SELECT id FROM empresas WHERE unidade_responsavel IN "
                f"({', '.join(map(str, units))}) AND ativo = 1 ORDER BY id")]
            user = FIRST_USER + turn
            self.clients.append(Client(user, units, companies, self.random(user), self.wires,
                                       self.numbers, self.history, self.stop,
                                       self.receiver.url(f"/of/{user}")))
            self.listeners.append(Listener(self.clients[-1], self.random(user, "stream"),
                                           self.end_of_streams))
        for each in (*self.listeners, *self.clients, self.watcher):
            each.start()

    def come_to_rest(self):
        """The load ends, all is mended; then nothing may be left to do."""
        self.stop.set()
        for client in self.clients:
            client.join()
        for node in self.nodes:
            node.move_clock("+0")
        self.history.note("the load has ended")
        self.await_("every node is ready", 60, lambda: all(map(self.is_ready, self.numbers)))
        self.await_("every job has ended", 240, self.nothing_left, pause=1)
        self.await_("every stream is at its end", 30, self.streams_are_at_end)
        self.probe()
        self.end_of_streams.set()
        for listener in self.listeners:
            listener.join(20)
        self.watcher.ends.set()
        self.watcher.join()
        self.watcher.look()

    def await_(self, what, limit, holds, pause=0.1):
        end = time.monotonic() + limit
        while not holds():
            if time.monotonic() > end:
                self.history.violate(f"not within {limit} s: {what}")
                return
            time.sleep(pause)

    def ask(self, number, path):
        return self.clients[0].http.ask(path, number, "GET", path)

    def is_ready(self, number):
        return self.ask(number, "/health/ready").status == 200

    def nothing_left(self):
        """What was asked of a node that stood still may come to be done until now."""
        left = self.server.number(
            "SELECT (SELECT count(*) FROM jobs WHERE state < 4) + (SELECT count(*) FROM "
            "webhook_deliveries WHERE state <= 1) + (SELECT count(*) FROM schedules WHERE next_due "
            "IS NOT NULL)")
        paused = self.server.number("SELECT count(*) FROM jobs WHERE state = 2")
        if paused:
            for client in self.clients:
                client.resume_all()
        self.rest = self.rest + 1 if left == 0 else 0
        return self.rest == 3

    rest = 0

    def streams_are_at_end(self):
        return all(listener.last == self.server.number(
            "SELECT max(seq) FROM job_events WHERE user_id = " + str(listener.client.user))
                   for listener in self.listeners)

    def probe(self):
        """Each node works as it did at first."""
        for node in self.nodes:
            self.await_(f"node {node.number} has nothing out", 10,
                        lambda: self.measure(node.number, "mutirao_live_jobs") == 0)
            count = node.descriptors()
            if count > MOST_DESCRIPTORS:
                self.history.violate(f"node {node.number} has {count} descriptors")
        leaders = sum(self.measure(number, "mutirao_leads") for number in self.numbers)
        if leaders != 1:
            self.history.violate(f"{leaders} nodes lead")

    def measure(self, number, name):
        host, port = self.wires.address(number)
        got = subprocess.run(["curl", "-s", "-m", "5", f"http://{host}:{port}/metrics"],
                             capture_output=True, text=True).stdout
        found = re.search(rf"^{name} (\S+)$", got, re.M)
        return float(found[1]) if found else -1

    def run(self):
        self.set_up()
        self.begin_load()
        self.faults.play_until(time.monotonic() + 60 * self.given.minutes)
        self.come_to_rest()
        self.checks = Checks(self.server, self.history, self.listeners, self.receiver)
        self.checks.all()
        self.summary()

    def summary(self):
        def listed(counts):
            return ", ".join(f"{what} {count}" for what, count in sorted(counts.items()) if count)

        by_status = collections.Counter()
        for (_, status), count in self.history.outcomes.items():
            by_status[status or "no answer"] += count
        print("requests:", listed({str(key): count for key, count in by_status.items()}))
        print("faults:", listed(self.faults.counts))
        print("jobs:", listed(self.checks.ends()))
        print("streams:", listed(self.history.streams),
              "; events", sum(one.last - one.first for one in self.listeners if one.last))
        print("webhooks:", len(self.receiver.received), "requests for",
              len({(one.id, one.path) for one in self.receiver.received}))
        print("keys", len(self.history.keys), ", schedules", len(self.history.schedules),
              ", edited companies", len(self.history.periods))
        for what, moves in (("moved over", self.watcher.moves),
                            ("moved over, one suspect at a time", self.watcher.suspects)):
            seconds = sorted(moves)
            if seconds:
                print(f"{what}: {len(seconds)} jobs, half within {seconds[len(seconds) // 2][0]:.1f} "
                      f"s, the slowest after {seconds[-1][0]:.1f} s ({seconds[-1][1]})")
        print(f"that met the next fault on their way: {self.watcher.disturbed}")
        print("descriptors:", ", ".join(str(node.descriptors()) for node in self.nodes))
        self.logged()

    def logged(self):
        events = collections.Counter()
        for name in os.listdir(self.folder):
            if name.startswith("node") and name.endswith(".log"):
                with open(os.path.join(self.folder, name), encoding="utf-8", errors="replace") as log:
                    events.update(re.findall(r"level=(?:error|warning) event=(\w+)", log.read()))
        print("logged:", ", ".join(f"{name} {count}" for name, count in events.most_common()))

    def close(self):
        self.stop.set()
        self.end_of_streams.set()
        for node in self.nodes:
            if node.alive():
                node.kill()
        if self.server:
            self.server.kill()
        if self.wires:
            self.wires.close()


def main():
    given = options()
    given.relays = given.relays or not networks.namespaces_may_be_made()
    if not given.relays:
        networks.enter_own_namespace()
    test = Test(given)
    try:
        test.run()
    finally:
        test.close()
    if test.history.violations:
        print(f"{len(test.history.violations)} violations; again with --seed {given.seed}; "
              f"everything is in {test.folder}")
        sys.exit(1)
    if not given.keep:
        shutil.rmtree(test.folder)
    print("no violation")


if __name__ == "__main__":
    main()
