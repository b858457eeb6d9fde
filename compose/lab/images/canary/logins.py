"""What a user of the platform does, each time with a connection of its own.

Every function reads its secret anew, does one round and returns the login that it used.
"""

import os
import time

import oidc
import psycopg2
import s3
from delivered import credential

REALM = "lab"


def write_to_postgres(secret, role):
    """`role` owns the database; the login of the secret is the role or a member of it."""
    login, password = credential(secret, role)
    connection = psycopg2.connect(
        host=os.environ["POSTGRES_HOST"],
        port=os.environ["POSTGRES_PORT"],
        user=login,
        dbname=role,
        password=password,
        connect_timeout=2,
        # What it makes belongs to the role, whichever of two logins has its turn. And a primary
        # that froze must not hold the canary for ever.
        options=f"-c role={role} -c statement_timeout=3000",
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
    return login


def put_and_get(secret, bucket):
    login, key = credential(secret, bucket)
    access = (os.environ["S3_ENDPOINT"], login, key)
    body = str(time.time_ns()).encode()
    s3.request(*access, "PUT", f"/{bucket}/heartbeat", body)
    if s3.request(*access, "GET", f"/{bucket}/heartbeat") != body:
        raise ValueError("MinIO gave back another body than it was sent")
    return login


def fetch_token(secret, client):
    login, value = credential(secret, client)
    oidc.fetch_token(os.environ["KEYCLOAK_URL"], REALM, login, value)
    return login


def is_refused(error):
    """Whether the server knew the login and its secret and said no: a rotation must never show it."""
    if isinstance(error, s3.S3Refused):
        return error.status == 403
    if isinstance(error, oidc.TokenRefused):
        return error.status == 401
    words = ("password authentication failed", "is not permitted to log in")
    return isinstance(error, psycopg2.Error) and any(text in str(error) for text in words)


def class_of(error):
    if is_refused(error):
        return "CredentialRefused"
    if isinstance(error, (s3.S3Refused, oidc.TokenRefused)):
        return f"Http{error.status}"
    return type(error).__name__
