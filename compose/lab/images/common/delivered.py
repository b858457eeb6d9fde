"""The same rule as secrets.sh, for Python: a secret is a file that only its consumer can read."""

import os
import stat

DIRECTORY = "/run/secrets"


class SecretRefused(Exception):
    """The file is missing, can be read by others or makes no sense; the message says what to do."""


def credential(name, login):
    """The login and its value; `login` is for a file that names none.

    The file is read once: a rotation in between cannot part a login from its value.
    """
    path = os.path.join(DIRECTORY, name)
    try:
        with open(path, encoding="ascii") as file:
            mode = os.fstat(file.fileno()).st_mode
            lines = file.read().strip().splitlines()
    except OSError as error:
        raise SecretRefused(
            f"secret {name}: {path} is missing or not readable by uid {os.getuid()};"
            " deliver it (runbook deploy)"
        ) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretRefused(
            f"secret {name}: {path} can be read by group or world; it must have mode 0400"
        )
    if len(lines) == 1:
        return login, lines[0]
    if len(lines) == 2:
        return lines[0], lines[1]
    raise SecretRefused(f"secret {name}: expected a value, or a login and a value on two lines")


def secret(name):
    """The value, for whom the login is fixed."""
    return credential(name, None)[1]
