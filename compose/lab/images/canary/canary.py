"""Connects to PostgreSQL, MinIO and Keycloak again and again, anew each time, and counts.

GET /healthz    200 when the last attempt at each target succeeded less than 10 s ago, else 503
GET /counters   JSON, for each target: attempts that succeeded, that failed, that were refused for
                their credential, and the longest time without a success
POST /reset     begins to count anew

CANARY_RATE_PER_SECOND says how often it connects to PostgreSQL and MinIO; a token of Keycloak, when
KEYCLOAK_URL is set, is fetched once a second.
"""

import json
import os
import sys
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from delivered import SecretRefused, secret
from logins import class_of, fetch_token, put_and_get, write_to_postgres
from target import Target

MAX_RATE_PER_SECOND = 100


def rate_per_second():
    given = os.environ.get("CANARY_RATE_PER_SECOND", "1")
    try:
        rate = float(given)
    except ValueError:
        rate = 0
    if not 0 < rate <= MAX_RATE_PER_SECOND:
        sys.exit(f"CANARY_RATE_PER_SECOND: expected 0 to {MAX_RATE_PER_SECOND}, got {given!r}")
    return rate


def make_targets():
    rate = rate_per_second()
    targets = [
        # Two logins take turns; see postgres-single for a role whose one password changes.
        ("postgres", write_to_postgres, "postgres-canary", "canary", rate),
        ("postgres-single", write_to_postgres, "postgres-canary-single", "canary_single", rate),
        ("minio", put_and_get, "s3-canary", "canary", rate),
    ]
    if os.environ.get("KEYCLOAK_URL"):
        targets.append(("keycloak", fetch_token, "keycloak-canary", "canary", 1))
    for _, _, secret_name, _, _ in targets:
        secret(secret_name)
    return [
        Target(name, partial(attempt, secret_name, account), class_of, rate)
        for name, attempt, secret_name, account, rate in targets
    ]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/healthz":
            states = {target.name: target.is_healthy() for target in self.server.targets}
            self.answer(200 if all(states.values()) else 503, states)
        elif self.path == "/counters":
            self.answer(200, self.counters())
        else:
            self.answer(404, {"paths": ["/healthz", "/counters", "/reset"]})

    def do_POST(self):
        if self.path != "/reset":
            self.answer(404, {"paths": ["/reset"]})
            return
        for target in self.server.targets:
            target.reset()
        self.answer(200, self.counters())

    def counters(self):
        return {target.name: target.counters() for target in self.server.targets}

    def answer(self, status, content):
        body = json.dumps(content).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Health checks are no news."""


def main():
    # Refused at the start, where somebody looks; later a refusal counts as a failure.
    try:
        targets = make_targets()
    except SecretRefused as refusal:
        sys.exit(str(refusal))
    for target in targets:
        threading.Thread(target=target.run, name=target.name, daemon=True).start()
    server = ThreadingHTTPServer(("", 8080), Handler)
    server.targets = targets
    server.serve_forever()


main()
