"""A small registry of the distribution specification 1.1, which lists referrers itself. Prints its port.

In the repository `fickle`, a token is good for three requests. In `rewrites`, manifests are not kept as they were sent.
`/log` answers with what was asked so far, as JSON.
"""

import hashlib
import http.server
import json
import os
import sys
import threading
import urllib.parse

INDEX = "application/vnd.oci.image.index.v1+json"
BLOBS, MANIFESTS, TAGS, LOG, TOKENS = {}, {}, {}, [], {}


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body=b"", **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path == "/log":
            return self.reply(200, json.dumps(LOG).encode())
        LOG.append({"method": self.command, "path": self.path})
        if url.path == "/token":
            token = f"token-{len(TOKENS)}"
            TOKENS[token] = 3
            return self.reply(200, json.dumps({"token": token}).encode())
        _, _, repository, what, key, *rest = url.path.split("/")
        if repository == "fickle":
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            if TOKENS.get(token, 0) < 1:
                return self.reply(401, WWW_Authenticate=f'Bearer realm="http://127.0.0.1:{PORT}/token"')
            TOKENS[token] -= 1
        if what == "blobs" and self.command == "POST":
            return self.reply(202, Location=f"/v2/{repository}/blobs/uploads/1?state=x%2By")
        if what == "blobs" and self.command == "PUT":
            if query["state"] != "x+y" or query["digest"] != digest(body):
                return self.reply(400)
            BLOBS[query["digest"]] = body
            return self.reply(201, Location="/")
        if what == "blobs":
            return self.reply(200, BLOBS[key]) if key in BLOBS else self.reply(404)
        if what == "referrers":
            found = [(d, m) for d, m in MANIFESTS.items() if json.loads(m).get("subject", {}).get("digest") == key]
            entries = [
                {"mediaType": json.loads(m)["mediaType"], "digest": d, "size": len(m), "artifactType": json.loads(m)["artifactType"]}
                for d, m in found
            ]
            index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}
            return self.reply(200, json.dumps(index).encode(), Content_Type=INDEX)
        if self.command == "PUT":
            if repository == "rewrites":
                body = json.dumps(json.loads(body), indent=1).encode()
            MANIFESTS[digest(body)] = body
            TAGS[key] = digest(body)
            subject = json.loads(body).get("subject")
            more = {"OCI_Subject": subject["digest"]} if subject else {}
            return self.reply(201, Location="/", Docker_Content_Digest=digest(body), **more)
        key = TAGS.get(key, key)
        if key not in MANIFESTS:
            return self.reply(404)
        return self.reply(200, MANIFESTS[key], Content_Type=json.loads(MANIFESTS[key])["mediaType"])

    do_GET = do_PUT = do_POST = do_HEAD = do_any


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
PORT = server.server_address[1]
print(PORT, flush=True)
# Whoever started this ends it by closing its standard input.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
server.serve_forever()
