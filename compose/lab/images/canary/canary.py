"""Connects to PostgreSQL and to MinIO once a second, anew each time, and counts.

/healthz   200 when the last write to PostgreSQL and the last put and get in MinIO both succeeded
           less than 10 s ago, else 503
/counters  JSON: for each target connects, failures and the class of the last error
"""

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2
import s3
from delivered import SecretRefused, secret

PERIOD_SECONDS = 1
FRESH_SECONDS = 10


def write_to_postgres():
    connection = psycopg2.connect(
        host=os.environ["POSTGRES_HOST"],
        port=os.environ["POSTGRES_PORT"],
        user="canary",
        dbname="canary",
        password=secret("postgres-canary"),
        connect_timeout=2,
        # A primary that froze must not hold the canary for ever.
        options="-c statement_timeout=3000",
        tcp_user_timeout=4000,
    )
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS heartbeat"
                " (id int PRIMARY KEY, beats bigint, at timestamptz)"
            )
            cursor.execute(
                "INSERT INTO heartbeat VALUES (1, 1, now()) ON CONFLICT (id)"
                " DO UPDATE SET beats = heartbeat.beats + 1, at = now()"
            )
    finally:
        connection.close()


def put_and_get():
    access = (os.environ["S3_ENDPOINT"], "canary", secret("s3-canary"))
    body = str(time.time_ns()).encode()
    s3.request(*access, "PUT", "/canary/heartbeat", body)
    if s3.request(*access, "GET", "/canary/heartbeat") != body:
        raise ValueError("MinIO gave back another body than it was sent")


def class_of(error):
    """A refused credential is told apart: a rotation must never show one."""
    refused_by_s3 = isinstance(error, s3.S3Refused) and error.status == 403
    if refused_by_s3 or "password authentication failed" in str(error):
        return "CredentialRefused"
    if isinstance(error, s3.S3Refused):
        return f"Http{error.status}"
    return type(error).__name__


class Target:
    def __init__(self, name, attempt):
        self.name = name
        self.attempt = attempt
        self.connects = 0
        self.failures = 0
        self.last_error = None
        self.last_error_at = None
        self.last_success = None
        self.well = None

    def run(self):
        due = time.monotonic()
        while True:
            self.try_once()
            due = max(due + PERIOD_SECONDS, time.monotonic())
            time.sleep(max(0, due - time.monotonic()))

    def try_once(self):
        try:
            self.attempt()
        except Exception as error:  # whatever it is, it counts as a failure of the target
            self.failures += 1
            self.last_error = class_of(error)
            self.last_error_at = time.time()
            self.turn(False, f"failing ({self.last_error})")
        else:
            self.connects += 1
            self.last_success = time.monotonic()
            self.turn(True, "well")

    def turn(self, well, text):
        """One line a change: a line a second would bury the rest of the log."""
        if well != self.well:
            self.well = well
            print(f"{self.name}: {text}")

    def age(self):
        return None if self.last_success is None else time.monotonic() - self.last_success

    def is_healthy(self):
        return bool(self.well) and self.age() < FRESH_SECONDS

    def counters(self):
        age = self.age()
        return {
            "connects": self.connects,
            "failures": self.failures,
            "lastErrorClass": self.last_error,
            "lastErrorAt": self.last_error_at,
            "secondsSinceSuccess": None if age is None else round(age, 3),
        }


TARGETS = [Target("postgres", write_to_postgres), Target("minio", put_and_get)]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/healthz":
            states = {target.name: target.is_healthy() for target in TARGETS}
            self.answer(200 if all(states.values()) else 503, states)
        elif self.path == "/counters":
            self.answer(200, {target.name: target.counters() for target in TARGETS})
        else:
            self.answer(404, {"paths": ["/healthz", "/counters"]})

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
        secret("postgres-canary")
        secret("s3-canary")
    except SecretRefused as refusal:
        sys.exit(str(refusal))
    for target in TARGETS:
        threading.Thread(target=target.run, name=target.name, daemon=True).start()
    ThreadingHTTPServer(("", 8080), Handler).serve_forever()


main()
