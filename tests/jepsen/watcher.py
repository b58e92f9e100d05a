"""Looks into the database all the while: what may only grow grows, and how long jobs of a lost node
wait for another."""

import subprocess
import threading
import time

STATES = ["pending", "running", "paused", "cancelling", "completed", "failed", "cancelled"]
OUT = ("1", "3")  # running, cancelling: a node has it out


class Watcher(threading.Thread):
    def __init__(self, server, history):
        super().__init__(daemon=True)
        self.server, self.history = server, history
        self.ends = threading.Event()
        self.last = {}  # no -> row
        self.lost_nodes = {}  # mark -> (since, kind)
        self.moving = {}  # no -> (since, fence, mark, kind, suspect)
        self.moves = []  # (seconds, kind), of jobs that go on behind a commit
        self.suspects = []  # the same, of those that had committed nothing: one at a time
        self.disturbed = 0  # that were still on their way when something else went wrong
        self.lock = threading.Lock()

    def lost(self, mark, kind):
        with self.lock:
            self.lost_nodes[mark] = (time.monotonic(), kind)

    def disturb(self):
        """Something else goes wrong: how long a move takes from now on says nothing."""
        with self.lock:
            self.disturbed += len(self.moving)
            self.moving.clear()
            self.lost_nodes.clear()

    def back(self, mark):
        """What it had out goes on there, or has moved."""
        with self.lock:
            self.lost_nodes.pop(mark, None)
            self.moving = {no: one for no, one in self.moving.items() if one[2] != mark}

    def run(self):
        while not self.ends.wait(0.25):
            try:
                self.look("WHERE state <= 3 OR completed_at > extract(epoch FROM now()) * 1000 - 9000")
            except (subprocess.SubprocessError, OSError):
                pass  # the server is away

    def look(self, which=""):
        rows = self.server.query("SELECT no, state, run, fence, done, coalesce(owner, ''), "
                                 "done = done_at_claim FROM jobs " + which)
        with self.lock:
            for no, state, run, fence, done, owner, nothing in rows:
                now = (int(run), int(fence), int(done), state)
                before = self.last.get(no)
                if before and self._goes_back(before, now):
                    self.history.violate(f"job {no} went from {before} to {now} "
                                         "(run, fence, done, state)")
                self.last[no] = now
                self._follow(no, now, owner, state == "1" and nothing == "t")

    @staticmethod
    def _goes_back(before, now):
        if now[1] < before[1] or now[0] < before[0]:
            return True
        ended = int(before[3]) >= 4
        return now[0] == before[0] and (now[2] < before[2] or ended and now != before)

    def _follow(self, no, now, owner, suspect):
        if no in self.moving:
            since, fence, _, kind, suspect = self.moving[no]
            if now[1] > fence or now[3] not in OUT:
                moves = self.suspects if suspect else self.moves
                moves.append((time.monotonic() - since, kind))
                self.history.note(f"{'suspect' if suspect else 'job'} {no} moved "
                                  f"{moves[-1][0]:.1f} s after {kind}")
                del self.moving[no]
            return
        for mark, (since, kind) in self.lost_nodes.items():
            if mark in owner and now[3] in OUT:
                self.moving[no] = (since, now[1], mark, kind, suspect)
