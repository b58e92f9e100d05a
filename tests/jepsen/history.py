"""What the clients were told, all together, and what of it cannot be."""

import collections
import threading
import time

ENDED = {"completed", "failed", "cancelled"}


class Register:
    """A value that one client alone writes. A write whose answer was lost may have been done, or
    may be done later still."""

    def __init__(self, value=None):
        self.acknowledged = value
        self.unknown = set()

    def possible(self):
        return self.unknown | ({self.acknowledged} if self.acknowledged is not None else set())


class Job:
    def __init__(self, number, user, kind):
        self.id, self.user, self.kind = number, user, kind
        self.rows = 0  # of an import: how many companies it makes
        self.cancelled = False  # by an answer, and not retried since
        self.retries, self.unknown_retries = 0, 0
        self.unknown_cancels = 0
        self.priority = Register()
        self.seen = (0, -1, False)  # run, done, ended


class View:
    """What one reader saw of each job: never a step back."""

    def __init__(self, history, whose):
        self.history, self.whose, self.last = history, whose, {}

    def saw(self, told, known=None):
        """`told`: a job as the API tells it; `known`: what was known before it was asked for."""
        now = (told["run"], told["progress"]["current"], told["state"] in ENDED)
        for before in (self.last.get(told["id"]), known):
            if before and (now[0] < before[0] or now[0] == before[0] and
                           (now[1] < before[1] or before[2] and not now[2])):
                self.history.violate(f"{self.whose}: job {told['id']} went back from {before} "
                                     f"to {now} (run, done, ended)")
        self.last[told["id"]] = now
        return now


class History:
    def __init__(self, log):
        self.lock = threading.Lock()
        self.began = time.monotonic()
        self.log = open(log, "w", encoding="utf-8", buffering=1)
        self.violations = []
        self.jobs = {}  # by id
        self.keys = {}  # (user, key) -> job or schedule, once answered
        self.open_keys = set()  # whether they were taken was never answered
        self.unknown_posts = collections.Counter()  # by user, without a key
        self.schedules = {}  # id -> (user, arguments) of its job, which no other job has
        self.periods = {}  # company -> Register
        self.ended_streams = []  # (job, run, state)
        self.listed = collections.defaultdict(set)  # user -> ids of notifications
        self.outcomes = collections.Counter()
        self.streams = collections.Counter()

    def note(self, text):
        self.log.write(f"{time.monotonic() - self.began:9.3f} {text}\n")

    def violate(self, text):
        with self.lock:
            self.violations.append(text)
        self.note("VIOLATION " + text)
        print("VIOLATION", text, flush=True)

    def count(self, what, status):
        with self.lock:
            self.outcomes[what, status] += 1

    def accepted(self, user, job, kind, key=None):
        with self.lock:
            known = self.jobs.setdefault(job, Job(job, user, kind))
            before = self.keys.setdefault((user, key), job) if key else job
        if before != job:
            self.violate(f"the key {key} of user {user} made {before} and {job}")
        return known

    def known_of(self, job):
        with self.lock:
            return self.jobs[job].seen if job in self.jobs else None

    def now_known(self, job, seen):
        with self.lock:
            if job in self.jobs:
                self.jobs[job].seen = max(self.jobs[job].seen, seen)
