"""Fetches a token from Keycloak as a confidential client: no library for one request."""

import base64
import http.client
import json
from urllib.parse import urlsplit


class TokenRefused(Exception):
    def __init__(self, status):
        super().__init__(f"HTTP {status}")
        self.status = status


def fetch_token(base_url, realm, client, secret, timeout=3):
    basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=timeout)
    try:
        connection.request(
            "POST",
            f"/realms/{realm}/protocol/openid-connect/token",
            body="grant_type=client_credentials",
            headers={
                "Authorization": f"Basic {basic}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        response = connection.getresponse()
        answer = response.read()
    finally:
        connection.close()
    if response.status != 200:
        raise TokenRefused(response.status)
    return json.loads(answer)["access_token"]
