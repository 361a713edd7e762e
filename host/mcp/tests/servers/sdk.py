"""A server made with the official Python SDK (`mcp`, from the test environment): `sdk.py streamable-http|sse [token]`.

With `token` it wants `Bearer right` and describes who gives it out. Prints its URL once it answers.
"""

import contextlib
import os
import socket
import sys
import threading
import time

from mcp.server.auth.provider import AccessToken, TokenVerifier
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer

transport, wants_token = sys.argv[1], "token" in sys.argv[2:]
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
url = f"http://127.0.0.1:{port}/" + ("sse" if transport == "sse" else "mcp")


class OneToken(TokenVerifier):
    async def verify_token(self, token):
        return AccessToken(token=token, client_id="test", scopes=["read"]) if token == "right" else None


more = {}
if wants_token:
    own = f"http://127.0.0.1:{port}"
    more = {"token_verifier": OneToken(), "auth": AuthSettings(issuer_url=own, resource_server_url=url, required_scopes=["read"])}
server = MCPServer("sdk", **more)


@server.tool()
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


def announce():
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            print(url, flush=True)
            # Its logs go there and to stderr, and nobody reads them.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            return
        time.sleep(0.05)


def end_with_parent():
    while os.getppid() != 1:
        time.sleep(0.5)
    os._exit(0)


for task in (announce, end_with_parent):
    threading.Thread(target=task, daemon=True).start()
server.run(transport=transport, port=port)
