"""Makes a role and a database of its own for each service named in ROLES.

Run again it changes nothing that is right already; a role whose delivered password is another one
than the cluster knows gets the delivered one.
"""

import base64
import hashlib
import hmac
import os
import re
import sys
import time

import psycopg2
from delivered import SecretRefused, secret
from psycopg2 import sql
from psycopg2.extensions import encrypt_password

DEADLINE_SECONDS = 150


def connect_to_primary():
    """Through HAProxy, with a query: an open port or a green member does not mean a primary."""
    password = secret("postgres-superuser")
    deadline = time.monotonic() + DEADLINE_SECONDS
    told = None
    while True:
        try:
            connection = psycopg2.connect(
                user="postgres", password=password, dbname="postgres", connect_timeout=3
            )
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_is_in_recovery()")
                if cursor.fetchone() == (False,):
                    return connection
                reason = "the answer comes from a replica"
        except psycopg2.OperationalError as error:
            reason = str(error).strip().splitlines()[0]
        if time.monotonic() > deadline:
            sys.exit(f"no primary within {DEADLINE_SECONDS} s: {reason}")
        if reason != told:
            print(f"waiting for the primary: {reason}")
            told = reason
        time.sleep(0.5)


def is_verifier_of(verifier, password):
    """Compares here instead of logging in: a refused login would leave a FATAL in the log."""
    parts = re.fullmatch(r"SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):.+", verifier or "")
    if not parts:
        return False
    iterations, salt, stored = parts.groups()
    salted = hashlib.pbkdf2_hmac(
        "sha256", password.encode(), base64.b64decode(salt), int(iterations)
    )
    client = hmac.digest(salted, b"Client Key", "sha256")
    return hmac.compare_digest(hashlib.sha256(client).digest(), base64.b64decode(stored))


def ensure_role(cursor, role):
    name = sql.Identifier(role)
    password = secret(f"postgres-{role}")
    cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", (role,))
    found = cursor.fetchone()
    if not found:
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
    if found and is_verifier_of(found[0], password):
        return "in place"
    # The verifier is made on this side, so no statement, and no log of one, has the password.
    verifier = encrypt_password(password, role, cursor.connection, "scram-sha-256")
    cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(name), (verifier,))
    return "given the delivered password" if found else "made"


def ensure_database(cursor, role):
    name = sql.Identifier(role)
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (role,))
    if cursor.fetchone():
        return "in place"
    cursor.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(name))
    # By default every role may connect to every database.
    cursor.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(name))
    return "made"


def main():
    with connect_to_primary().cursor() as cursor:
        for role in os.environ["ROLES"].split():
            print(f"role {role}: {ensure_role(cursor, role)}")
            print(f"database {role}: {ensure_database(cursor, role)}")


try:
    main()
except SecretRefused as refusal:
    sys.exit(str(refusal))
