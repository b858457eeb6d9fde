"""The same rule as secrets.sh, for Python: a secret is a file that only its consumer can read."""

import os
import stat

DIRECTORY = "/run/secrets"


class SecretRefused(Exception):
    """The file is missing or can be read by others; the message says what to do."""


def secret(name):
    path = os.path.join(DIRECTORY, name)
    try:
        with open(path, encoding="ascii") as file:
            mode = os.fstat(file.fileno()).st_mode
            value = file.read().strip()
    except OSError as error:
        raise SecretRefused(
            f"secret {name}: {path} is missing or not readable by uid {os.getuid()};"
            " deliver it (runbook deploy)"
        ) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretRefused(
            f"secret {name}: {path} can be read by group or world; it must have mode 0400"
        )
    return value
