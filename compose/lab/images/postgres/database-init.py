"""Makes a role and a database of its own for each service named in ROLES.

A role gets its password in the statement that makes it. One that is there is left alone, with all its
logins: from then on its passwords are the rotation's, and what is delivered here may be older or
newer than what PostgreSQL knows while one is under way.

Where the delivered pair names another login than the role, the role owns and the login is a member
of it: two such logins take turns.
"""

import os
import sys
import time

import psycopg2
from delivered import SecretRefused, credential, secret
from psycopg2 import sql
from psycopg2.extensions import encrypt_password

DEADLINE_SECONDS = 150


def connect_to_primary():
    """Through HAProxy, with a query: an open port or a green member does not mean a primary."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    told = None
    while True:
        try:
            connection = psycopg2.connect(
                user="postgres",
                # Read anew each time: it may be about to change.
                password=secret("postgres-superuser"),
                dbname="postgres",
                connect_timeout=3,
                # What the server logs of a statement would tell the verifier of a password.
                options="-c log_statement=none -c log_min_error_statement=panic"
                " -c log_min_duration_statement=-1",
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


def ensure_role(cursor, role):
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
    if cursor.fetchone():
        return "in place"
    login, password = credential(f"postgres-{role.replace('_', '-')}", role)
    # The verifier is made on this side, so no statement, and no log of one, has the password.
    verifier = encrypt_password(password, login, cursor.connection, "scram-sha-256")
    names = {"role": sql.Identifier(role), "login": sql.Identifier(login)}
    statements = "CREATE ROLE {role} LOGIN PASSWORD %s"
    if login != role:
        statements = (
            "CREATE ROLE {role} NOLOGIN; CREATE ROLE {login} LOGIN PASSWORD %s IN ROLE {role};"
            " ALTER ROLE {login} SET role = {role}"
        )
    # Sent at once, they are one transaction: there is all of it or nothing.
    cursor.execute(sql.SQL(statements).format(**names), (verifier,))
    return "made" if login == role else f"made, with the login {login}"


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
