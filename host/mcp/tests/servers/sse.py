#!/usr/bin/env python3
"""A careful MCP server of the older transport (HTTP+SSE, 2024-11-05), and careless ones: `sse.py [any-origin] [any-host]`.

Serves 127.0.0.1 on a free port and prints its URL. Standard library only.
"""

import json
import os
import queue
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

IS = set(sys.argv[1:])
STREAMS = {}


def answer(request):
    method, params = request.get("method"), request.get("params") or {}
    if method == "initialize":
        return {"result": {"protocolVersion": "2024-11-05", "capabilities": {"tools": {}}, "serverInfo": {"name": "sse", "version": "1"}}}
    if method == "ping":
        return {"result": {}}
    if method == "tools/list" and isinstance(params.get("cursor", ""), str):
        return {"result": {"tools": [{"name": "one", "inputSchema": {"type": "object"}}]}}
    if method == "tools/list":
        return {"error": {"code": -32602, "message": "Invalid params"}}
    return {"error": {"code": -32601, "message": "Method not found"}}


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def status(self, code):
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def let_in(self):
        if self.headers.get("Origin") and "any-origin" not in IS:
            self.status(403)
            return False
        if (self.headers.get("Host") or "").split(":")[0] != "127.0.0.1" and "any-host" not in IS:
            self.status(403)
            return False
        return True

    def do_GET(self):
        if self.path != "/sse":
            return self.status(404)
        if not self.let_in():
            return None
        session, stream = str(uuid.uuid4()), queue.Queue()
        STREAMS[session] = stream
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(f"event: endpoint\ndata: /messages?session_id={session}\n\n".encode())
        while True:
            self.wfile.write(("event: message\ndata: " + json.dumps(stream.get()) + "\n\n").encode())
            self.wfile.flush()

    def do_POST(self):
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.let_in():
            return None
        session = parse_qs(urlsplit(self.path).query).get("session_id", [""])[0]
        if session not in STREAMS:
            return self.status(404 if self.path.startswith("/messages") else 405)
        try:
            request = json.loads(text)
        except ValueError:
            return self.status(400)
        if request.get("id") is not None:
            STREAMS[session].put({"jsonrpc": "2.0", "id": request["id"], **answer(request)})
        # As the widespread servers of this transport do.
        self.send_response(202)
        self.send_header("Content-Length", "8")
        self.end_headers()
        self.wfile.write(b"Accepted")
        return None


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


server = Server(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}/sse", flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
while os.getppid() != 1:
    time.sleep(0.5)
