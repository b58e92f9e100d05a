#!/usr/bin/env python3
"""Checks that every line of code is in its room: the arrows between the folders, and what only one
folder may know. Prints each breach as file:line; ends with 1 where there is one, or where a rule of
this file no longer catches its own example."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("domain", "storage", "actors", "http", "rest", "include", "client", "gateway", "app")

# Which of our folders each may include: app -> http -> actors -> domain <- storage <- app, and
# app -> gateway -> rest, gateway -> mutirao <- client. "mutirao" is include/mutirao, what is
# installed. The gateway and the client know nothing of the service's inside.
ARROWS = {
    "domain": {"domain"},
    "storage": {"storage", "domain", "embedded"},
    "actors": {"actors", "domain"},
    "http": {"http", "actors", "domain", "embedded"},
    "rest": {"rest"},
    "include": {"mutirao"},
    "client": {"client", "mutirao"},
    "gateway": {"gateway", "rest", "mutirao"},
    "app": {"app", "http", "actors", "storage", "domain", "gateway", "rest", "mutirao", "generated"},
}

# Files of http/ that ask actors, and so know CAF.
ASKING = r"http/(ask|askers|context|exchange|names|server|site|push/(\w*listener|streams))\.(cpp|hpp)"


def lines_of(text):
    """The lines without comments, each with its number; texts stay."""
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.S)
    for number, line in enumerate(text.split("\n"), 1):
        yield number, re.sub(r'("(?:\\.|[^"\\])*")|//.*', lambda m: m.group(1) or "", line)


def code_of(line):
    """The line without what stands in quotes."""
    return re.sub(r'"(?:\\.|[^"\\])*"', '""', line)


def decided(word):
    """What the decision records with that word name: folders, and files without their ending."""
    names = set()
    for record in sorted((ROOT / "docs/decisions").glob("*.md")):
        text = record.read_text(encoding="utf-8")
        if word in text:
            names.update(re.findall(r"`((?:%s)/[\w/.-]*)`" % "|".join(FOLDERS), text))
    return {re.sub(r"\.(cpp|hpp)$", "", name) for name in names}


SHARING = r"std::(jthread|thread(?!::hardware_concurrency)|mutex|shared_mutex|recursive_mutex|condition_variable\w*)\b"

# What is looked for, in code or in texts, where it may stand, why, and a line that must be caught.
RULES = [
    ("include", r"caf/", rf"(actors|app|gateway|client|include)/.*|{ASKING}",
     "CAF is for actors/, app/, gateway/, client/ and the files of http/ that ask",
     "#include <caf/send.hpp>"),
    ("include", r"pistache/", r"http/.*", "Pistache is for http/", "#include <pistache/http.h>"),
    ("include", r"sqlite3", r"storage/sqlite/.*", "SQLite is for storage/sqlite/",
     "#include <sqlite3.h>"),
    ("include", r"libpq", r"storage/postgres/.*", "libpq is for storage/postgres/",
     "#include <libpq-fe.h>"),
    ("include", r"nlohmann/",
     r"http/.*|app/(commands|client|import)/.*|app/preview\.cpp|gateway/requests\.cpp",
     "JSON is for http/, the commands of app/ and gateway/requests.cpp",
     "#include <nlohmann/json.hpp>"),
    ("include", r"boost/", r"http/socketio/(server|session)\..pp",
     "Boost is for the sockets of http/socketio/", "#include <boost/asio.hpp>"),
    ("include", r"jwt\.h", r"http/.*", "tokens are for http/", "#include <jwt.h>"),
    ("include", r"curl/", r"app/(client|webhooks)/.*|rest/transfers\.cpp",
     "libcurl is for rest/transfers.cpp and the clients of app/", "#include <curl/curl.h>"),
    ("include", r"openssl/",
     r"app/webhooks/signature\.cpp|app/certificates\.cpp|gateway/tls_files\.cpp",
     "OpenSSL is for signatures and certificates", "#include <openssl/evp.h>"),
    ("include", r"sodium", r"app/passwords\.cpp", "libsodium is for app/passwords.cpp",
     "#include <sodium.h>"),
    ("include", r"csv\.h", r"app/import/.*", "libcsv is for app/import/", "#include <csv.h>"),
    ("include", r"date/", r"app/(clock|calendar)\.cpp", "time zones are for app/clock.cpp and calendar.cpp",
     "#include <date/tz.h>"),
    ("include", r"CLI/", r"app/command_line\.cpp", "CLI11 is for app/command_line.cpp",
     "#include <CLI/CLI.hpp>"),
    ("include", r"toml\+\+/", r"app/config_file\.cpp", "TOML is for app/config_file.cpp",
     "#include <toml++/toml.h>"),
    ("include", r"(spdlog|prometheus)/", r"app/(telemetry|descriptor_sink|metrics)\..pp",
     "logs and measures go through domain/ports/telemetry.hpp", "#include <spdlog/spdlog.h>"),
    ("text", r"\b(SELECT|INSERT|UPDATE|DELETE)\b.*\b(FROM|INTO|SET|VALUES|WHERE)\b|\bPRAGMA\b",
     r"storage/.*", "SQL is for storage/", 'run("SELECT id FROM jobs");'),
    ("code", r"\bsystem_clock::now\b|\bgettimeofday\s*\(|\bCLOCK_REALTIME\b|[^\w.>:]time\s*\(\s*(0|NULL|nullptr)\s*\)",
     r"app/clock\.cpp", "the wall clock is for app/clock.cpp (take mutirao::clock)",
     "auto now = std::chrono::system_clock::now();"),
    ("code", r"\bstd::random_device\b|\bmt19937", r"app/randomness\.cpp",
     "randomness is for app/randomness.cpp (take mutirao::randomness)",
     "std::random_device entropy;"),
    ("code", r"\bthrow\b|\bstd::(cout|cerr|clog)\b|\bprintf\s*\(", r"app/main\.cpp|http/edge/transport\.cpp",  # into Pistache, which catches
     "errors are values, and what is told goes through telemetry or the console", "throw error;"),
]


def included(line):
    found = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
    return found.group(1) if found else None


def breaches_of(name, text, sharing_allowed):
    folder = name.split("/")[0]
    for number, line in lines_of(text):
        header = included(line)
        if header and re.search(r'include\s*"', line):
            first = header.split("/")[0]
            if "/" not in header:
                yield number, f"include \"{header}\" from the root of the project"
            elif first not in ARROWS[folder]:
                yield number, f"{folder}/ may not include {first}/"
        code = code_of(line)
        for kind, pattern, allowed, why, _ in RULES:
            where = header if kind == "include" else code if kind == "code" else line
            if where is None or (kind != "include" and header):
                continue
            found = re.match(pattern, where) if kind == "include" else re.search(pattern, where)
            if found and not re.fullmatch(allowed, name):
                yield number, why
        if not header and re.search(SHARING, code):
            if not any(name.rsplit(".", 1)[0] == each or (each.endswith("/") and name.startswith(each))
                       for each in sharing_allowed):
                yield number, "threads and mutexes need a decision record that names the file"


def prove_rules():
    """Each rule catches its example, and every arrow that is none is refused."""
    for kind, pattern, allowed, why, example in RULES:
        if why not in [told for _, told in breaches_of("domain/x.cpp", example, set())]:
            yield f"the rule \"{why}\" does not catch: {example}"
    for folder in FOLDERS:
        for other in (*(set(FOLDERS) - {"include"}), "mutirao"):
            caught = bool(list(breaches_of(f"{folder}/x.cpp", f'#include "{other}/y.hpp"', set())))
            if caught == (other in ARROWS[folder]):
                yield f"the arrow {folder} -> {other} is judged wrongly"
    if not list(breaches_of("domain/x.cpp", "std::mutex lock;", set())):
        yield "threads and mutexes are not caught"
    for harmless in ("// throw SELECT x FROM y", 'log("std::mutex throw");', "sometime(0);"):
        if list(breaches_of("domain/x.cpp", harmless, set())):
            yield f"caught without reason: {harmless}"


def main():
    problems = list(prove_rules())
    sharing_allowed = decided("mutex")
    files = [path for folder in FOLDERS for end in ("cpp", "hpp")
             for path in sorted((ROOT / folder).rglob(f"*.{end}"))]
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8")
        problems += [f"{name}:{number}: {why}"
                     for number, why in breaches_of(name, text, sharing_allowed)]
        if name.endswith(".hpp") and not re.match(r"(//[^\n]*\n)+#pragma once\n", text):
            problems.append(f"{name}:1: a header says first what it is for, then #pragma once")
    for problem in problems:
        print(problem)
    print(f"layers: {len(files)} files, {len(problems)} breaches")
    return 1 if problems or not files else 0


if __name__ == "__main__":
    sys.exit(main())
