"""A web server that does everything wrong, one thing for each path. Prints its port, and remembers who asked what.

Raw sockets, so that it can lie about lengths. `/log` answers with what was asked so far, as JSON. With the files of a
certificate and of its key as arguments, it speaks TLS.
"""

import gzip
import json
import socket
import ssl
import sys
import threading
import time
import urllib.parse

LOG = []
LOCK = threading.Lock()
TLS = None
if len(sys.argv) > 2:
    TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    TLS.load_cert_chain(sys.argv[1], sys.argv[2])


def answer(status=200, body=b"", headers=(), length=None):
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def serve(connection, path, query):
    send = connection.sendall
    if path == "/ok":
        send(answer(body=b"hello"))
    elif path == "/endless":
        send(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
    elif path == "/endless-without-length":
        send(b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n")
        while True:
            send(b"x" * 0x10000)
    elif path == "/announces-more":
        send(answer(body=b"0123456789", length=100))
    elif path == "/announces-less":
        send(answer(body=b"0123456789", length=4))
    elif path == "/announces-10-gigabytes":
        send(answer(length=10_000_000_000))
        time.sleep(60)
    elif path == "/announces-twice":
        send(b"HTTP/1.1 200 X\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhello")
    elif path == "/announces-less-than-nothing":
        send(b"HTTP/1.1 200 X\r\nContent-Length: -5\r\n\r\nhello")
    elif path == "/breaks-off-a-chunk":
        send(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nhe")
    elif path == "/endless-chunk-size":
        send(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            send(b"0" * 0x1000)
    elif path == "/drips":
        send(b"HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n")
        while True:
            send(b"x")
            time.sleep(0.02)
    elif path == "/drips-headers":
        send(b"HTTP/1.1 200 X\r\nX-Slow: ")
        while True:
            send(b"x")
            time.sleep(0.02)
    elif path == "/stops":
        send(b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\nhello")
        time.sleep(60)
    elif path == "/says-nothing":
        time.sleep(60)
    elif path == "/loop":
        send(answer(302, headers=[("Location", "/loop")]))
    elif path == "/to":
        send(answer(int(query.get("status", "302")), headers=[("Location", query["url"])]))
    elif path == "/to-nowhere":
        send(answer(302))
    elif path == "/bomb":
        bomb = gzip.compress(bytes(50_000_000))
        send(answer(body=bomb, headers=[("Content-Encoding", "gzip")]))
    elif path == "/one-big-header":
        send(b"HTTP/1.1 200 X\r\nX-Big: ")
        for _ in range(1000):
            send(b"x" * 10_000)
        send(b"\r\nContent-Length: 5\r\n\r\nhello")
    elif path == "/many-headers":
        send(b"HTTP/1.1 200 X\r\n")
        for number in range(100_000):
            send(b"X-%d: x\r\n" % number)
        send(b"Content-Length: 5\r\n\r\nhello")
    elif path == "/hangs-up":
        pass
    elif path == "/garbage":
        send(b"\x00\x01\x02 this is not HTTP at all\r\n\r\n")
    elif path == "/escapes":
        send(answer(500, "\x1b[31mpay here\x07 \u202egnp".encode()))
    elif path == "/endless-refusal":
        send(b"HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
    elif path.startswith("/status/"):
        send(answer(int(path.split("/")[2]), b"no such luck"))
    elif path == "/log":
        with LOCK:
            send(answer(body=json.dumps(LOG).encode()))
    elif path.startswith("/repo/"):
        send(answer(body=path.encode()))
    else:
        send(answer(404))


def handle(connection):
    try:
        if TLS:
            connection = TLS.wrap_socket(connection, server_side=True)
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return
            data += piece
        head = data.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in head[1:])}
        url = urllib.parse.urlsplit(target)
        if url.path != "/log":
            with LOCK:
                LOG.append({"method": method, "path": target, "headers": headers})
        serve(connection, url.path, dict(urllib.parse.parse_qsl(url.query)))
    except OSError:
        pass  # The client has had enough: that is what is tested.
    finally:
        connection.close()


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    # Whoever started this ends it by closing its standard input.
    threading.Thread(target=lambda: (sys.stdin.read(), __import__("os")._exit(0)), daemon=True).start()
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=handle, args=(connection,), daemon=True).start()


main()
