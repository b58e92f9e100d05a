"""The database server and the nodes, as processes; what can be done to them."""

import glob
import os
import signal
import subprocess
import time

from wires import DIES_WITH_US, HERE

SECRET = "a secret of the tests, 32 bytes or longer"
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
POSTGRES = os.path.join(HERE, "..", "..", "scripts", "postgres")
DATABASE = "jepsen"

# Who wrote under which fence. The ledger takes nothing twice whoever comes, so that a batch of a node
# that has lost its job would not be seen by what is stored.
WITNESS = """
CREATE TABLE witness (job_no bigint, fence bigint, node text, PRIMARY KEY (job_no, fence, node));
CREATE FUNCTION witness() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO witness SELECT DISTINCT w.job_no, j.fence, current_setting('application_name')
    FROM written w JOIN jobs j ON j.no = w.job_no ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER wrote AFTER INSERT ON job_items REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION witness();
CREATE TRIGGER wrote_again AFTER UPDATE ON job_items REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION witness();
"""


def children_of(process):
    with open(f"/proc/{process}/task/{process}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]


def stop_left_over(folder):
    subprocess.run([POSTGRES, "stop", folder], check=True)


class Server:
    """PostgreSQL of its own, with fsync: it is killed."""

    def __init__(self, folder, wires):
        self.folder = folder
        self.before = wires.before_server()
        self.frozen = []
        self._script("start", "fsync = on", "full_page_writes = on", *wires.server_settings())
        with open(os.path.join(folder, "data", "pg_hba.conf"), "a", encoding="utf-8") as file:
            file.write("host all all 10.9.0.0/16 trust\n")
        self._script("restart")
        self.query(f"CREATE DATABASE {DATABASE}", database="postgres")

    def _script(self, what, *more):
        subprocess.run([*self.before, POSTGRES, what, self.folder, *more], check=True,
                       stdout=subprocess.DEVNULL)

    def kill(self):
        self.thaw()
        self._script("stop")

    def start(self):
        self._script("restart")

    def freeze(self):
        """It keeps every connection and answers none."""
        first = self._first_process()
        os.kill(first, signal.SIGSTOP)
        self.frozen = [first, *children_of(first)]
        for process in self.frozen[1:]:
            os.kill(process, signal.SIGSTOP)

    def thaw(self):
        for process in reversed(self.frozen):
            os.kill(process, signal.SIGCONT)
        self.frozen = []

    def _first_process(self):
        with open(os.path.join(self.folder, "data", "postmaster.pid"), encoding="utf-8") as file:
            return int(file.readline())

    def url(self):
        return f"postgres://mutirao@/{DATABASE}?host={self.folder}"

    def query(self, sql, database=DATABASE):
        """Rows of texts. CalledProcessError where the server does not answer."""
        done = subprocess.run(
            ["psql", "-h", self.folder, "-U", "mutirao", "-d", database, "-AtXq", "-F", "\t",
             "-v", "ON_ERROR_STOP=1", "-c", sql],
            check=True, capture_output=True, text=True, timeout=60)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def number(self, sql):
        return int(self.query(sql)[0][0])


class Node:
    """One `mutirao serve`. It is started anew under the same number; its clock can be moved."""

    def __init__(self, number, program, folder, wires, server, lease):
        self.number = number
        self.wires = wires
        self.folder = folder
        self.lives = 0
        self.process = None
        self.stopped = False
        self.clock = os.path.join(folder, f"node{number}.clock")
        self.move_clock("+0")
        self.command = [
            *DIES_WITH_US, *wires.before_node(number), program, "serve", "--dev",
            "--database", wires.database_url(number, DATABASE, server.folder) +
            f"?application_name=node{number}",
            "--listen", f"127.0.0.1:{wires.listen_port()}", "--lease", f"{lease}s",
            "--crash-limit", "1000", "--webhooks-allow-private", "--webhook-backoff", "500ms",
            "--webhook-timeout", "3s", "--webhook-attempts", "1000"]

    def log(self):
        return os.path.join(self.folder, f"node{self.number}.{self.lives}.log")

    def move_clock(self, by):
        """`by`: as libfaketime reads it, "+3h"."""
        with open(self.clock + ".new", "w", encoding="utf-8") as file:
            file.write(by + "\n")
        os.rename(self.clock + ".new", self.clock)

    def environment(self):
        return {"PATH": os.environ["PATH"], "MUTIRAO_JWT_SECRET": SECRET,
                "MUTIRAO_WEBHOOK_SECRET": WEBHOOK_SECRET, **moved_clock(self.clock)}

    def start(self, limit=60):
        """Until it listens; as a service manager does it is started again where it gives up."""
        end = time.monotonic() + limit
        while not self._start_once(end):
            if time.monotonic() > end:
                raise RuntimeError(f"node {self.number} does not start: see {self.log()}")
            time.sleep(0.3)

    def _start_once(self, end):
        self.lives += 1
        self.stopped = False
        with open(self.log(), "wb") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env=self.environment())
        while time.monotonic() < end:
            with open(self.log(), encoding="utf-8", errors="replace") as log:
                for line in log:
                    if line.startswith("listening on http://"):
                        self.wires.node_listens(self.number, int(line.rsplit(":", 1)[1]))
                        return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.02)
        self.kill()
        return False

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def freeze(self):
        self.stopped = True
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.stopped = False
        self.process.send_signal(signal.SIGCONT)

    def drain(self, limit=60):
        """Its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()
            return "none in a minute"

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def mark(self):
        """Stands in the owner of the jobs that this process runs."""
        return f":{self.process.pid}:"


def moved_clock(file):
    """The environment of a program whose wall clock is off by what the file says."""
    library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not library:
        return {}
    return {"LD_PRELOAD": library[0], "FAKETIME_TIMESTAMP_FILE": file, "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}


def clocks_can_be_moved(folder):
    file = os.path.join(folder, "trial.clock")
    with open(file, "w", encoding="utf-8") as out:
        out.write("+3h\n")
    said = subprocess.run(["date", "+%s"], env={"PATH": os.environ["PATH"], **moved_clock(file)},
                          capture_output=True, text=True, check=True).stdout
    return abs(int(said) - time.time() - 3 * 3600) < 60
