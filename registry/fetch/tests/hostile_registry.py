"""A registry that does everything wrong, one thing for each repository. Prints its port, and remembers who asked what.

A second one, for which the first one's client has no business to have a login, is started with another's port as argument.
`/log` answers with what was asked so far, as JSON.
"""

import hashlib
import http.server
import json
import os
import sys
import threading
import time
import urllib.parse

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
STATEMENT = "application/vnd.in-toto+json"
# The shortest component there is.
COMPONENT = b"\0asm\x0d\0\x01\0"
OTHER_COMPONENT = b"\0asm\x0d\0\x01\0" + b"\0\x02\x01x"
OTHER = int(sys.argv[1]) if len(sys.argv) > 1 else 0
LOG = []
LOCK = threading.Lock()


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def descriptor(kind, data, **more):
    return {"mediaType": kind, "digest": digest(data), "size": len(data), **more}


def dump(value):
    return json.dumps(value).encode()


CONFIG = dump({"created": "1970-01-01T00:00:00Z", "architecture": "wasm", "os": "wasip2", "layerDigests": [digest(COMPONENT)]})
LAYER = descriptor("application/wasm", COMPONENT)


def component_manifest(**changes):
    config = descriptor("application/vnd.wasm.config.v0+json", CONFIG)
    return {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [LAYER], **changes}


GOOD = dump(component_manifest())
LINE = b'{"payload": "a statement, to whoever verifies it"}'


def statement_manifest(subject, line=LINE, **changes):
    return dump({
        "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": STATEMENT,
        "config": descriptor("application/vnd.oci.empty.v1+json", b"{}"),
        "layers": [descriptor("application/vnd.dsse.envelope.v1+json", line)],
        "subject": descriptor(MANIFEST, subject), **changes,
    })


ABOUT_GOOD = statement_manifest(GOOD)
ABOUT_OTHER = statement_manifest(dump(component_manifest(annotations={"a": "b"})))
MANY = [statement_manifest(GOOD, annotations={"n": str(n)}) for n in range(40)]


def index(*manifests):
    return dump({
        "schemaVersion": 2, "mediaType": INDEX,
        "manifests": [descriptor(MANIFEST, one, artifactType=STATEMENT) for one in manifests],
    })


# What each repository has at "latest", if that is not the good manifest.
LATEST = {
    "thousand-layers": dump(component_manifest(layers=[LAYER] * 1000)),
    "no-layers": dump(component_manifest(layers=[])),
    "layer-of-another": dump(component_manifest(layers=[descriptor("application/wasm", OTHER_COMPONENT)])),
    "layer-is-config": dump(component_manifest(layers=[descriptor("application/wasm", CONFIG)])),
    "says-smaller": dump(component_manifest(layers=[{**LAYER, "size": 4}])),
    "says-bigger": dump(component_manifest(layers=[{**LAYER, "size": 400}])),
    "says-gigantic": dump(component_manifest(layers=[{**LAYER, "size": 1 << 40}])),
    "says-negative": dump(component_manifest(layers=[{**LAYER, "size": -1}])),
    "weak-digest": dump(component_manifest(layers=[{**LAYER, "digest": "md5:" + "0" * 32}])),
    "path-for-digest": dump(component_manifest(layers=[{**LAYER, "digest": "../../../secret"}])),
    "list-for-manifest": index(GOOD),
    "list-in-disguise": dump({"schemaVersion": 2, "manifests": [descriptor(MANIFEST, GOOD)]}),
    "container-image": dump(component_manifest(config=descriptor("application/vnd.oci.image.config.v1+json", CONFIG))),
    "deep": b'{"schemaVersion": 2, "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "not-json": b"<html>hello</html>",
}
# What each repository answers to a question for referrers; without one there is no such question.
REFERRERS = {
    "good": index(ABOUT_GOOD),
    "foreign-subject": index(ABOUT_OTHER),
    "foreign-and-good": index(ABOUT_OTHER, ABOUT_GOOD),
    "many-statements": index(*MANY),
    "slow-statements": index(*MANY),
    "million-entries": dump({"schemaVersion": 2, "mediaType": INDEX, "manifests": [{}] * 100_000}),
    "referrers-not-json": b"nope",
    "lost-statement": index(b"this manifest is nowhere"),
    "big-statement": index(statement_manifest(GOOD, line=b"x" * 100_000)),
}
BLOBS = {digest(one): one for one in (CONFIG, COMPONENT, OTHER_COMPONENT, LINE, b"{}")}
MANIFESTS = {digest(one): one for one in (GOOD, ABOUT_GOOD, ABOUT_OTHER, *MANY)}
MANIFESTS[digest(statement_manifest(GOOD, line=b"x" * 100_000))] = statement_manifest(GOOD, line=b"x" * 100_000)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body=b"", kind="application/json", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def endless(self, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for _ in range(1600):
                self.wfile.write(b" " * 0x10000)
        except OSError:
            pass
        self.close_connection = True

    def challenge(self, text):
        self.reply(401, b'{"errors":[{"code":"UNAUTHORIZED"}]}', WWW_Authenticate=text)

    def read_body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def do_any(self):
        url = urllib.parse.urlsplit(self.path)
        body = self.read_body()
        here = f"http://127.0.0.1:{PORT}"
        if url.path == "/log":
            with LOCK:
                return self.reply(200, dump(LOG))
        with LOCK:
            LOG.append({
                "method": self.command, "path": self.path, "authorization": self.headers.get("Authorization"),
                "body": body.decode("latin-1")[:2000],
            })
        if url.path.startswith("/token"):
            return self.token(url.path)
        if url.path.startswith("/bounce/"):
            return self.reply(307, Location=f"http://127.0.0.1:{url.path[8:]}")
        if url.path.startswith("/cdn/"):
            return self.reply(200, BLOBS[url.path[5:]], "application/octet-stream")
        parts = url.path.split("/")
        if len(parts) < 5 or parts[1] != "v2":
            return self.reply(404)
        repository, what, key = parts[2], parts[3], parts[4]
        login = {
            "basic": 'Basic realm="x"',
            "token": f'Bearer realm="{here}/token",service="here"',
            "token-elsewhere": f'Bearer realm="http://127.0.0.1:{OTHER}/token",service="here"',
            "token-over-http": 'Bearer realm="http://tokens.invalid/token",service="here"',
            "token-from-file": 'Bearer realm="file:///etc/passwd",service="here"',
            "token-newline": f'Bearer realm="{here}/token-newline",service="here"',
            "token-endless": f'Bearer realm="{here}/token-endless",service="here"',
            "token-html": f'Bearer realm="{here}/token-html",service="here"',
            "token-useless": f'Bearer realm="{here}/token-useless",service="here"',
            "token-redirects": f'Bearer realm="{here}/token-redirects",service="here"',
            "no-realm": 'Bearer service="here"',
            "negotiate": "Negotiate",
            "blob-elsewhere": 'Basic realm="x"',
            "there-and-back": 'Basic realm="x"',
            "upload-elsewhere": 'Basic realm="x"',
        }.get(repository)
        if login and self.headers.get("Authorization") not in ("Bearer good", "Basic dXNlcjpzM2NyZXQ="):
            return self.challenge(login)
        if what == "manifests" and self.command == "GET":
            return self.manifest(repository, key)
        if what == "blobs" and self.command == "GET":
            return self.blob(repository, key)
        if what == "referrers":
            return self.referrers(repository, url)
        if what == "blobs" and self.command == "POST" and repository == "upload-elsewhere":
            return self.reply(202, Location=f"http://127.0.0.1:{OTHER}/v2/taker/blobs/uploads/1")
        if what == "blobs" and self.command == "POST" and repository == "upload-to-file":
            return self.reply(202, Location="file:///tmp/x")
        if what == "blobs" and self.command == "PUT":
            return self.reply(201)
        return self.reply(404)

    do_GET = do_PUT = do_POST = do_HEAD = do_any

    def token(self, path):
        if path == "/token-newline":
            return self.reply(200, dump({"token": "good\r\nX-Evil: 1"}))
        if path == "/token-endless":
            return self.endless("application/json")
        if path == "/token-html":
            return self.reply(200, b"<html>s3cret-token</html>", "text/html")
        if path == "/token-redirects":
            return self.reply(307, Location=f"http://127.0.0.1:{OTHER}/token")
        if path == "/token-useless":
            return self.reply(200, dump({"token": "of no use"}))
        return self.reply(200, dump({"access_token": "good", "token": "good"}))

    def manifest(self, repository, key):
        if repository == "slow-statements" and key != "latest":
            time.sleep(0.3)
        if repository == "gigantic-manifest":
            return self.endless(MANIFEST)
        if repository == "broken":
            return self.reply(500, b'{"errors":[{"message":"out of order"}]}')
        if repository == "denied":
            return self.reply(403, b'{"errors":[{"code":"DENIED"}]}')
        if key == "latest" and repository == "digest-header-lies":
            return self.reply(200, GOOD, MANIFEST, Docker_Content_Digest="sha256:" + "0" * 64)
        if key.startswith("sha256:") and repository == "other-manifest":
            return self.reply(200, ABOUT_GOOD, MANIFEST)
        if key == "latest":
            body = LATEST.get(repository, GOOD)
            return self.reply(200, body, json.loads(body).get("mediaType", MANIFEST) if repository == "list-for-manifest" else MANIFEST)
        if key.startswith("sha256-") and repository == "tag-is-no-list":
            return self.reply(200, GOOD, MANIFEST)
        if key in MANIFESTS:
            return self.reply(200, MANIFESTS[key], MANIFEST)
        return self.reply(404, b"{}")

    def blob(self, repository, key):
        if key == digest(COMPONENT) and repository == "wrong-blob":
            return self.reply(200, b"\0asm\x0d\0\x01\1", "application/octet-stream")
        if key == digest(COMPONENT) and repository == "endless-blob":
            return self.endless("application/octet-stream")
        if key == digest(COMPONENT) and repository == "blob-elsewhere":
            return self.reply(307, Location=f"http://127.0.0.1:{OTHER}/cdn/{key}?signature=s3cret")
        if key == digest(COMPONENT) and repository == "there-and-back":
            return self.reply(307, Location=f"http://127.0.0.1:{OTHER}/bounce/{PORT}/v2/there-and-back/secret/x")
        if key in BLOBS:
            return self.reply(200, BLOBS[key], "application/octet-stream")
        return self.reply(404, b"{}")

    def referrers(self, repository, url):
        if repository == "referrers-broken":
            return self.reply(500, b"out of order")
        if repository == "referrers-slow":
            time.sleep(30)
        if repository == "pages-elsewhere":
            return self.reply(200, index(), INDEX, Link=f'<http://127.0.0.1:{OTHER}/x>; rel="next"')
        if repository == "pages-without-end":
            return self.reply(200, index(), INDEX, Link=f'<{url.path}?more>; rel="next"')
        if repository == "two-pages":
            if url.query == "more":
                return self.reply(200, index(ABOUT_GOOD), INDEX)
            return self.reply(200, index(), INDEX, Link=f'<{url.path}?more>; rel="next"')
        if repository in REFERRERS:
            return self.reply(200, REFERRERS[repository], INDEX)
        return self.reply(404, b"404 page not found", "text/plain")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
PORT = server.server_address[1]
print(PORT, flush=True)
# Whoever started this ends it by closing its standard input.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
server.serve_forever()
