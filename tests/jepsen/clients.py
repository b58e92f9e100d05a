"""The load: users who start jobs of every type, meddle with them, edit companies and listen."""

import datetime
import http.client
import json
import threading
import time

from history import ENDED, Register, View
from http_user import HttpUser, Stream

MOST_UNFINISHED = 8  # jobs of a client
LONGEST_LIFE = 12  # seconds of a stream, before it is opened anew elsewhere


def cnpj(number):
    digits = [int(digit) for digit in f"{number:012d}"]
    for weights in ([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]):
        rest = sum(digit * weight for digit, weight in zip(digits, weights)) % 11
        digits.append(0 if rest < 2 else 11 - rest)
    return "".join(map(str, digits))


class Client(threading.Thread):
    """One user with units and companies of its own; all that it does comes from its `random`."""

    def __init__(self, user, units, companies, random, wires, nodes, history, stop, callback):
        super().__init__(daemon=True)
        self.user, self.units, self.companies, self.random = user, units, companies, random
        self.history, self.stop, self.nodes = history, stop, nodes
        self.callback = callback
        self.http = HttpUser(user, units, wires, nodes, history)
        self.wires = wires
        self.view = View(history, f"user {user}")
        self.jobs = []  # ids that were answered
        self.live = []  # of them, those not seen ended
        self.made = 0  # of what must be another each time
        self.asked = []  # (key, path, body, kind) to ask once more
        self.watching = 0

    def run(self):
        acts = [(self.generate, 14), (self.remove, 4), (self.noop, 14), (self.take_in, 5),
                (self.schedule, 4), (self.ask_again, 6), (self.cancel, 4), (self.pause, 4),
                (self.retry, 6), (self.prioritize, 4), (self.edit, 10), (self.status, 30),
                (self.watch, 6), (self.notifications, 4)]
        while not self.stop.is_set():
            act = self.random.choices([one for one, _ in acts], [weight for _, weight in acts])[0]
            try:
                act()
            except Exception as problem:  # a mistake of the test's must not look like success
                self.history.violate(f"user {self.user}: {act.__name__}: {problem!r}")
                raise
            self.stop.wait(self.random.uniform(0, 0.2))
        self.http.close()

    def node(self):
        return self.random.choice(self.nodes)

    # -- starting jobs

    def key(self):
        self.made += 1
        return f"{self.user}-{self.made}"

    def post(self, path, body, kind, key=None):
        """Where it has a key it is asked until the answer is known. The answer; None: not known, or
        too late for its time."""
        while True:
            got = self.http.ask("POST " + kind, self.node(), "POST", path, body, key)
            if got.status in (200, 202):
                return got
            if got.status == 400 and kind == "schedule":
                return self.leave_open(key)
            if not got.unknown() and got.status != 429:
                self.history.violate(f"POST of {kind} was answered {got.status}: {got.data}")
                return None
            if not key:
                if got.unknown():
                    self.history.unknown_posts[self.user] += 1
                return None
            if self.stop.wait(self.random.uniform(0.05, 0.5)):
                return self.leave_open(key)

    def leave_open(self, key):
        with self.history.lock:
            self.history.open_keys.add((self.user, key))

    def start_job(self, path, body, kind, keyed=None, rows=0):
        self.live = [one for one in self.live if not self.history.known_of(one)[2]]
        if len(self.live) >= MOST_UNFINISHED:
            return self.status()
        keyed = self.random.random() < 0.6 if keyed is None else keyed
        if self.random.random() < 0.5:
            body = {**(body or {}), "callbackUrl": self.callback}
        key = self.key() if keyed else None
        got = self.post(path, body, kind, key)
        if got:
            if key:
                self.asked.append((key, path, body, kind))
            job = self.took(got, kind, key)
            job.rows = rows
            # It is there for everybody at once.
            self.look(job.id)
        return None

    def took(self, got, kind, key):
        number = got.data["jobId"]
        if number not in self.jobs:
            self.jobs.append(number)
            self.live.append(number)
        return self.history.accepted(self.user, number, kind, key)

    def generate(self):
        years = self.random.randrange(6)
        unit = self.random.choice(self.units)
        self.start_job(f"/api/empresas/unidade/{unit}/auto-tarefas?futureYears={years}", None,
                       "generate")

    def remove(self):
        self.start_job("/api/jobs", {"type": "remove-auto-tasks-unit",
                                     "arguments": {"unit": self.random.choice(self.units)}},
                       "remove")

    def noop(self):
        items = self.random.randint(1, 400)
        self.start_job("/api/jobs", {"type": "noop", "arguments": {
            "items": items, "micros": self.random.choice([0, 500, 2000, 5000])}}, "noop")

    def take_in(self):
        """Companies, each of which there may be once whatever happens."""
        rows = self.random.randint(1, 120)
        lines = ["cnpj,razao_social,nome_fantasia,periodicidade,data_renovacao"]
        for _ in range(rows):
            self.made += 1
            number = cnpj(self.user * 10**8 + self.made * 10**4 + 1)
            lines.append(f"{number},Empresa {number},{number},90,2026-03-01")
        self.start_job("/api/jobs", {"type": "import-companies", "arguments": {
            "csv": "\n".join(lines) + "\n", "unit": self.random.choice(self.units),
            "generate": self.random.random() < 0.5}}, "import", keyed=True, rows=rows)

    def schedule(self):
        at = (datetime.datetime.now(datetime.timezone.utc) +
              datetime.timedelta(seconds=self.random.uniform(0.5, 5)))
        key = self.key()
        arguments = {"items": 2, "micros": 10_000 + self.made}  # no other job has these
        got = self.post("/api/jobs", {"type": "noop", "arguments": arguments,
                                      "runAt": at.isoformat(timespec="milliseconds")
                                      .replace("+00:00", "Z")}, "schedule", key)
        if got and "scheduleId" not in got.data:
            self.history.violate(f"a schedule was answered {got.status} {got.data}")
        elif got:
            found_by = f"items=2 micros={arguments['micros']}"
            with self.history.lock:
                self.history.schedules[got.data["scheduleId"]] = (self.user, found_by)

    def ask_again(self):
        """The same request with the same key: the same job, also when it has long ended."""
        if self.asked:
            key, path, body, kind = self.random.choice(self.asked)
            got = self.post(path, body, kind, key)
            if got:
                self.took(got, kind, key)

    # -- meddling

    def some_job(self, live=False):
        choice = self.live if live and self.live else self.jobs[-40:]
        return self.history.jobs[self.random.choice(choice)] if choice else None

    def control(self, what, live=True):
        job = self.some_job(live)
        if not job:
            return None, None
        got = self.http.ask(what, self.node(), "POST", f"/api/empresas/jobs/{job.id}/{what}")
        if not got.unknown() and got.status not in (200, 202, 409, 429):
            self.history.violate(f"{what} of {job.id} was answered {got.status}: {got.data}")
        return job, got

    def cancel(self):
        job, got = self.control("cancel")
        if job and got.unknown():
            job.unknown_cancels += 1
        elif job and got.status in (200, 202):
            job.cancelled = True

    def pause(self):
        if self.random.random() < 0.5:
            self.control("pause")
        else:
            self.control("resume")

    def resume_all(self):
        for job in self.jobs:
            state = self.http.ask("status", self.node(), "GET", f"/api/empresas/jobs/{job}?details=false")
            if state.data.get("state") == "paused":
                self.http.ask("resume", self.node(), "POST", f"/api/empresas/jobs/{job}/resume")

    def retry(self):
        job, got = self.control("retry", live=False)
        if job and got.unknown():
            job.unknown_retries += 1
            job.cancelled = False
        elif job and got.status in (200, 202):
            job.retries += 1
            job.cancelled = False
            self.live.append(job.id)

    def prioritize(self):
        job = self.some_job(live=True)
        if job:
            self.write(job.priority, self.random.randint(-10, 10), "priority",
                       f"/api/empresas/jobs/{job.id}/priority", "priority", ends=True)

    def edit(self):
        company = self.random.choice(self.companies)
        register = self.history.periods.setdefault(company, Register())
        value = self.random.randint(20, 400)
        path = f"/api/empresas/{company}"
        if self.write(register, value, "edit", path, "periodicidade") and not register.unknown:
            read = self.http.ask("company", self.node(), "GET", path)
            if read.status == 200 and read.data["periodicidade"] != value:
                self.history.violate(f"company {company} has {read.data['periodicidade']} at node "
                                     f"{read.node} after {value} was stored")

    def write(self, register, value, what, path, field, ends=False):
        got = self.http.ask(what, self.node(), "PUT", path, {field: value})
        if got.unknown():
            register.unknown.add(value)
        elif got.status in (200, 202):
            register.acknowledged = value
            return True
        elif not (ends and got.status == 409):
            self.history.violate(f"PUT {path} was answered {got.status}: {got.data}")
        return False

    # -- looking

    def look(self, job):
        known = self.history.known_of(job)
        got = self.http.ask("status", self.node(), "GET",
                            f"/api/empresas/jobs/{job}?details=false")
        if got.status == 200:
            self.history.now_known(job, self.view.saw(got.data, known))
        elif not got.unknown():
            self.history.violate(f"status of {job} at node {got.node} was answered {got.status}")

    def status(self):
        job = self.some_job(live=self.random.random() < 0.7)
        if job:
            self.look(job.id)

    def notifications(self):
        got = self.http.ask("notifications", self.node(), "GET", "/api/notificacoes?limit=100")
        if got.status != 200:
            return
        ids = [one["id"] for one in got.data["notifications"]]
        whose = {one["user_id"] for one in got.data["notifications"]}
        if len(ids) != len(set(ids)) or ids != sorted(ids, reverse=True) or whose - {self.user}:
            self.history.violate(f"notifications of {self.user}: {ids} of {whose}")
        self.history.listed[self.user].update(ids)

    def watch(self):
        job = self.some_job(live=True)
        if job and self.watching < 2:
            self.watching += 1
            threading.Thread(target=self._watch, args=(job.id, self.random.random()),
                             daemon=True).start()

    def _watch(self, job, chance):
        """One job's stream to its end, over the deaths of nodes."""
        view = View(self.history, f"stream of {job}")
        turn = int(chance * 1000)
        try:
            while not self.stop.is_set():
                turn += 1
                known = self.history.known_of(job)
                try:
                    stream = Stream(self.http, self.nodes[turn % len(self.nodes)],
                                    f"/api/empresas/jobs/{job}/events")
                    if self._read_job(stream, job, view, known):
                        return
                except (OSError, http.client.HTTPException):
                    self.history.streams["of a job, broken"] += 1
                    self.stop.wait(0.2)
        finally:
            self.watching -= 1

    def _read_job(self, stream, job, view, known):
        """True once it has told the end. `known`: before the stream was asked for."""
        ended = None
        try:
            if stream.status != 200:
                if stream.status != 503:
                    self.history.violate(f"stream of {job} was answered {stream.status}")
                self.stop.wait(0.2)
                return False
            for _, name, data in stream.blocks():
                if ended:
                    self.history.violate(f"stream of {job} goes on behind its end: {name} {data}")
                if not data:
                    continue
                told = json.loads(data)
                self.history.now_known(job, view.saw(told, known))
                if name in ("completed", "failed"):
                    ended = (job, told["run"], told["state"])
        finally:
            stream.close()
        if ended:
            if ended[2] not in ENDED:
                self.history.violate(f"stream of {job} ended with {ended}")
            self.history.streams["of a job, to its end"] += 1
            self.history.ended_streams.append(ended)
        return bool(ended)


class Listener(threading.Thread):
    """A user's own stream, from its beginning to the end, at one node after the other."""

    def __init__(self, client, random, ends):
        super().__init__(daemon=True)
        self.client, self.random, self.ends = client, random, ends
        self.history = client.history
        self.view = View(self.history, f"stream of user {client.user}")
        self.first = None  # behind which event number it began
        self.last = None  # the last event's number
        self.last_id = None
        self.told = []  # numbers of events that came with a notification
        self.notifications = []

    def run(self):
        while not self.ends.is_set():
            try:
                stream = Stream(self.client.http, self.random.choice(self.client.nodes),
                                "/api/notificacoes/stream", self.last_id)
                try:
                    self._read(stream)
                finally:
                    stream.close()
            except (OSError, http.client.HTTPException):
                self.history.streams["of a user, broken"] += 1
            except Exception as problem:
                self.history.violate(f"stream of user {self.client.user}: {problem!r}")
                raise
            self.ends.wait(self.random.uniform(0, 0.3))

    def _read(self, stream):
        if stream.status != 200:
            if stream.status != 503:
                self.history.violate(f"stream of user {self.client.user}: {stream.status}")
            return
        end = time.monotonic() + self.random.uniform(0.5, LONGEST_LIFE)
        for event_id, name, data in stream.blocks():
            if event_id:
                self._take(event_id, name, data)
            if time.monotonic() > end or self.ends.is_set():
                self.history.streams["of a user, left"] += 1
                return
        self.history.streams["of a user, ended"] += 1

    def _take(self, event_id, name, data):
        number = int(event_id.rstrip("n"))
        if not data:  # where it begins, or goes on
            if self.last is None:
                self.first = self.last = number
            elif number != self.last:
                self._wrong(event_id, "goes on elsewhere")
            self.last_id = event_id
            return
        if self.last is None:
            self._wrong(event_id, "is told before it was said where the stream begins")
            self.first = self.last = number - 1
        told = json.loads(data)
        if event_id.endswith("n"):
            if number != self.last or (self.told and self.told[-1] == number) or \
                    name != "notification":
                self._wrong(event_id, name)
            self.told.append(number)
            self.notifications.append(told["id"])
        else:
            if number != self.last + 1 or name != "job":
                self._wrong(event_id, name)
            self.history.now_known(told["id"], self.view.saw(told))
        self.last = number
        self.last_id = event_id

    def _wrong(self, event_id, how):
        self.history.violate(f"stream of user {self.client.user}: {event_id} ({how}) behind "
                             f"{self.last_id}")
