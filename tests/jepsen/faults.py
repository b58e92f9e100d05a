"""What goes wrong, and when, by the seed."""

import time

CHANCES = {"kill": 5, "freeze": 5, "database": 4, "answers of the database": 4, "clients": 2,
           "restart": 3, "hang": 2, "clock": 3, "drain": 2}
GONE = ("kill", "drain")
OF_THE_SERVER = ("restart", "hang")
OFFSETS = ["+3h", "-3h", "+26h", "-26h", "+40d", "-40d", "+5s", "-5s", "+0"]


class Fault:
    def __init__(self, kind, node, hold, offset):
        self.kind, self.node, self.hold, self.offset = kind, node, hold, offset

    def __str__(self):
        where = f" of node {self.node}" if self.node else ""
        how = self.offset if self.kind == "clock" else f"for {self.hold:.1f} s"
        return f"{self.kind}{where} {how}"


def plan(random, lease, nodes, kinds):
    """Endless: (pause, faults that begin together)."""
    kinds = [kind for kind in CHANCES if kind in kinds]
    while True:
        count = random.choices([1, 2, 3], [6, 3, 1])[0]
        victims = random.sample(nodes, count)
        chosen = []
        for victim in victims:
            kind = random.choices(kinds, [CHANCES[kind] for kind in kinds])[0]
            hold = random.uniform(*((1.2, 3) if kind == "freeze" else (0.1, 3))) * lease
            offset = random.choice(OFFSETS)
            if kind in OF_THE_SERVER:
                victim = None
                if any(other.kind in OF_THE_SERVER for other in chosen):
                    continue
            chosen.append(Fault(kind, victim, hold, offset))
        yield random.uniform(0.1, 1.5) * lease, chosen


class Faults:
    """Plays a plan against the cluster, and mends all at the end. Used by the main thread: the
    processes that it starts die with it."""

    def __init__(self, random, lease, nodes, server, wires, history, watcher, kinds):
        self.nodes = {node.number: node for node in nodes}
        self.server, self.wires = server, wires
        self.history, self.watcher = history, watcher
        self.plan = plan(random, lease, sorted(self.nodes), kinds)
        self.counts = dict.fromkeys(CHANCES, 0)
        self.at_work = set()  # numbers of nodes that something is done to

    def play_until(self, end):
        for pause, chosen in self.plan:
            if self._wait(pause, end):
                return
            # A node is left that can go on with the others' jobs.
            alone = len(chosen) < len(self.nodes) and all(one.kind not in OF_THE_SERVER
                                                          for one in chosen)
            self.watcher.disturb()
            for fault in chosen:
                self.history.note(f"begins: {fault}")
                self.counts[fault.kind] += 1
                self._begin(fault, alone)
            began = time.monotonic()
            # Nodes are started last: they need the others' mending.
            for fault in sorted(chosen, key=lambda one: (one.kind in GONE, one.hold)):
                self._wait(fault.hold - (time.monotonic() - began), end)
                self._end(fault)
                self.history.note(f"ended: {fault}")
            if time.monotonic() >= end:
                return

    def _wait(self, seconds, end):
        """Looks after the nodes meanwhile. True once the end has come."""
        until = min(end, time.monotonic() + seconds)
        while True:
            for node in self.nodes.values():
                if node.number not in self.at_work and not node.alive():
                    self.history.violate(f"node {node.number} ended by itself with "
                                         f"{node.process.returncode}: {node.log()}")
                    node.start()
            left = until - time.monotonic()
            if left <= 0:
                return time.monotonic() >= end
            time.sleep(min(left, 0.2))

    def _begin(self, fault, alone):
        node = self.nodes.get(fault.node)
        if fault.kind in ("kill", "freeze", "database", "answers of the database") and alone:
            self.watcher.lost(node.mark(), fault.kind)
        if fault.kind == "kill":
            self.at_work.add(fault.node)
            node.kill()
        elif fault.kind == "drain":
            self.at_work.add(fault.node)
            code = node.drain()
            if code != 0 and alone:
                self.history.violate(f"node {fault.node} drained with {code}: {node.log()}")
        elif fault.kind == "freeze":
            node.freeze()
        elif fault.kind == "clock":
            node.move_clock(fault.offset)
        elif fault.kind == "restart":
            self.server.kill()
        elif fault.kind == "hang":
            self.server.freeze()
        else:
            self.wires.cut(fault.node, fault.kind)

    def _end(self, fault):
        node = self.nodes.get(fault.node)
        if fault.kind in GONE:
            node.start()
            self.at_work.discard(fault.node)
        elif fault.kind == "freeze":
            self.watcher.back(node.mark())
            node.thaw()
        elif fault.kind == "restart":
            self.server.start()
        elif fault.kind == "hang":
            self.server.thaw()
        elif fault.kind != "clock":
            self.watcher.back(node.mark())
            self.wires.mend(fault.node, fault.kind)
