"""One target of the canary: tries again and again, and counts."""

import threading
import time

FRESH_SECONDS = 10
# Attempts that came late are made up for, unless they are this late.
MAX_LATE_SECONDS = 1


class Target:
    def __init__(self, name, attempt, class_of, rate_per_second):
        self.name = name
        self.attempt = attempt
        self.class_of = class_of
        self.period_seconds = 1 / rate_per_second
        self.lock = threading.Lock()
        self.last_success = None
        self.well = None
        self.reset()

    def reset(self):
        """Begins to count anew; what the target is like now stays known."""
        with self.lock:
            self.connects = 0
            self.failures = 0
            self.refused = 0
            self.last_error = None
            self.last_error_at = None
            self.login = None
            self.counting_since = self.gap_since = time.monotonic()
            self.longest_gap = 0

    def run(self):
        due = time.monotonic()
        while True:
            self.try_once()
            due = max(due + self.period_seconds, time.monotonic() - MAX_LATE_SECONDS)
            time.sleep(max(0, due - time.monotonic()))

    def try_once(self):
        try:
            login = self.attempt()
        except Exception as error:  # whatever it is, it counts as a failure of the target
            self.count_failure(self.class_of(error))
        else:
            self.count_success(login)

    def count_success(self, login):
        now = time.monotonic()
        with self.lock:
            self.connects += 1
            self.login = login
            self.longest_gap = max(self.longest_gap, now - self.gap_since)
            self.last_success = self.gap_since = now
        self.turn(True, "well")

    def count_failure(self, error):
        with self.lock:
            self.failures += 1
            self.refused += error == "CredentialRefused"
            self.last_error = error
            self.last_error_at = time.time()
        self.turn(False, f"failing ({error})")

    def turn(self, well, text):
        """One line a change: a line an attempt would bury the rest of the log."""
        if well != self.well:
            self.well = well
            print(f"{self.name}: {text}")

    def is_healthy(self):
        return bool(self.well) and time.monotonic() - self.last_success < FRESH_SECONDS

    def counters(self):
        now = time.monotonic()
        with self.lock:
            success = self.last_success
            return {
                "connects": self.connects,
                "failures": self.failures,
                "credentialRefused": self.refused,
                "lastErrorClass": self.last_error,
                "lastErrorAt": self.last_error_at,
                "login": self.login,
                # The gap that is open now is one as well.
                "longestGapMs": round(1000 * max(self.longest_gap, now - self.gap_since)),
                "secondsCounted": round(now - self.counting_since, 3),
                "secondsSinceSuccess": None if success is None else round(now - success, 3),
            }
