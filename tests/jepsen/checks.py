"""What must hold once all has come to rest: in the database, and between it and what the clients
were told."""

import collections

import promises
from history import ENDED
from watcher import STATES

JOBS = "SELECT encode(id, 'hex'), no, user_id, kind, state, run, created, failed, done, priority, " \
       "arguments FROM jobs"


class Row:
    def __init__(self, cells):
        digits = cells[0]
        self.id = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        self.no, self.user, self.kind = int(cells[1]), int(cells[2]), cells[3]
        self.state = STATES[int(cells[4])]
        self.run, self.created, self.failed, self.done, self.priority = map(int, cells[5:10])
        self.arguments = cells[10]


class Checks:
    def __init__(self, server, history, listeners, receiver):
        self.server, self.history = server, history
        self.listeners, self.receiver = listeners, receiver
        jobs = server.query(JOBS.replace("arguments", "replace(left(arguments, 100), E'\\n', ' ')"))
        self.rows = {row.id: row for row in map(Row, jobs)}
        self.by_no = {row.no: row for row in self.rows.values()}

    def wrong(self, text):
        self.history.violate("at the end: " + text)

    def all(self):
        self.stored()
        self.fences()
        self.jobs()
        self.keys()
        self.schedules()
        self.imports()
        self.companies()
        self.streams()
        self.webhooks()

    def stored(self):
        for says, breaches in promises.read():
            count = self.server.number(f"SELECT count(*) FROM ({breaches}) AS breaches")
            if count:
                self.wrong(f"{says}: not, {count} times")
        for says, count in (
                ("jobs that have not ended", "SELECT count(*) FROM jobs WHERE state < 4"),
                ("ended jobs that a node has", "SELECT count(*) FROM jobs WHERE owner IS NOT NULL"),
                ("webhooks not settled",
                 "SELECT count(*) FROM webhook_deliveries WHERE state <> 2")):
            found = self.server.number(count)
            if found:
                self.wrong(f"{says}: {found}")

    def fences(self):
        for no, fence, nodes in self.server.query(
                "SELECT job_no, fence, string_agg(node, ', ') FROM witness GROUP BY job_no, fence "
                "HAVING count(*) > 1"):
            self.wrong(f"job {self.by_no[int(no)].id}: {nodes} wrote under fence {fence}")

    def jobs(self):
        for known in self.history.jobs.values():
            row = self.rows.get(known.id)
            if row is None:
                self.wrong(f"job {known.id} was accepted and is gone")
                continue
            if (row.run, row.done) < known.seen[:2]:
                self.wrong(f"job {known.id} was told at {known.seen}, is at {row.run}, {row.done}")
            if known.cancelled and not known.unknown_retries and row.state != "cancelled":
                self.wrong(f"job {known.id} was cancelled and is {row.state}")
            runs = 1 + known.retries
            if not runs <= row.run <= runs + known.unknown_retries:
                self.wrong(f"job {known.id} was retried {known.retries} times (not known: "
                           f"{known.unknown_retries}) and had {row.run} runs")
            possible = known.priority.possible()
            if possible and row.priority not in possible | ({0} if not known.priority.acknowledged
                                                            else set()):
                self.wrong(f"job {known.id} has priority {row.priority}, not of {possible}")
            if row.state == "failed":
                self.wrong(f"job {known.id} failed")
        for job, run, state in self.history.ended_streams:
            row = self.rows.get(job)
            if row and row.run == run and row.state != state:
                self.wrong(f"stream of {job} ended {state}, it is {row.state}")
        self.unexplained()

    def unexplained(self):
        """Jobs that nobody was answered: no more than posts whose answer was lost."""
        scheduled = set(self.history.schedules.values())
        allowed = collections.Counter(self.history.unknown_posts)
        allowed.update(user for user, _ in self.history.open_keys)
        for row in self.rows.values():
            if row.id not in self.history.jobs and (row.user, row.arguments) not in scheduled:
                allowed[row.user] -= 1
        for user, left in allowed.items():
            if left < 0:
                self.wrong(f"user {user} has {-left} jobs more than it can have asked for")

    def keys(self):
        stored = {(int(user), key): int(no) for user, key, no in self.server.query(
            "SELECT user_id, key, job_no FROM idempotency_keys WHERE job_no > 0")}
        for (user, key), job in self.history.keys.items():
            row = self.by_no.get(stored.get((user, key)))
            if row is None or row.id != job:
                self.wrong(f"the key {key} was answered {job}, stored is {row and row.id}")

    def schedules(self):
        made = collections.Counter((row.user, row.arguments) for row in self.rows.values())
        stored = {int(number): (int(jobs), waits) for number, jobs, waits in self.server.query(
            "SELECT id, jobs, next_due IS NOT NULL FROM schedules")}
        for number, job in self.history.schedules.items():
            if stored.get(number) != (1, "f") or made[job] != 1:
                self.wrong(f"schedule {number} of {job}: {stored.get(number)}, made {made[job]} "
                           "jobs")

    def imports(self):
        for known in self.history.jobs.values():
            row = self.rows.get(known.id)
            if known.rows and row and (row.failed or row.state == "completed" and
                                       row.created != known.rows):
                self.wrong(f"import {known.id} of {known.rows} rows made {row.created}, failed "
                           f"{row.failed}")

    def companies(self):
        stored = dict(self.server.query("SELECT id, coalesce(periodicidade, 0) FROM empresas"))
        for company, register in self.history.periods.items():
            value = int(stored[str(company)])
            if register.acknowledged is not None and value not in register.possible():
                self.wrong(f"company {company} has {value}, not of {register.possible()}")

    def streams(self):
        for listener in self.listeners:
            user = listener.client.user
            last = self.server.number(
                f"SELECT coalesce(max(seq), 0) FROM job_events WHERE user_id = {user}")
            if listener.last != last and (last or listener.last):
                self.wrong(f"stream of user {user} came to {listener.last}, there is {last}")
            first = listener.first or 0
            told = [(int(seq), int(number)) for seq, number in self.server.query(
                "SELECT v.seq, n.id FROM job_events v JOIN notificacoes n ON n.job_no = v.job_no "
                f"AND n.run = v.run WHERE v.kind IN (5, 6) AND v.user_id = {user} "
                f"AND v.seq > {first} ORDER BY v.seq")]
            if told != list(zip(listener.told, listener.notifications)):
                missing = set(told) ^ set(zip(listener.told, listener.notifications))
                self.wrong(f"stream of user {user} told other notifications: {sorted(missing)}")
            stored = {int(row[0]) for row in self.server.query(
                f"SELECT id FROM notificacoes WHERE user_id = {user}")}
            if self.history.listed[user] - stored:
                self.wrong(f"notifications of {user} were listed and are gone")

    def webhooks(self):
        sent = {(message, url): int(no) for message, url, no in self.server.query(
            "SELECT message, url, job_no FROM webhook_deliveries WHERE state = 2")}
        arrived = {}
        for one in self.receiver.received:
            arrived.setdefault((one.id, self.receiver.url(one.path)), one)
        for key, no in sent.items():
            if key not in arrived:
                self.wrong(f"webhook {key} of job {no} counts as delivered and never came")
        for (message, url), one in arrived.items():
            if sent.get((message, url)) != self.rows[one.job].no:
                self.wrong(f"webhook {message} of {one.job} came to {url}, stored for "
                           f"{sent.get((message, url))}")
        self.order_of(arrived)

    def order_of(self, arrived):
        last = {}
        for (message, url), one in arrived.items():  # in the order of their first arrival
            number = int(message.rsplit("_", 1)[1])
            if number <= last.get((one.job, url), 0):
                self.wrong(f"webhook {message} of {one.job} came behind a later one")
            last[one.job, url] = number

    def ends(self):
        return collections.Counter(row.state for row in self.rows.values())


assert ENDED < set(STATES)
