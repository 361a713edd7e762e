"""A proxy that takes every host to be a port of this machine. Arguments: that port, and a file for what it was asked.

It prints its port.
"""

import os
import socket
import sys
import threading

TARGET = int(sys.argv[1])
LOCK = threading.Lock()


def copy(source, sink):
    try:
        while piece := source.recv(65536):
            sink.sendall(piece)
    except OSError:
        pass
    finally:
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def handle(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return
        data += piece
    first, rest = data.split(b"\r\n", 1)
    with LOCK, open(sys.argv[2], "ab") as log:
        log.write(first + b"\n")
    method, target, version = first.split(b" ")
    server = socket.create_connection(("127.0.0.1", TARGET))
    if method == b"CONNECT":
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    else:
        path = b"/" + target.split(b"/", 3)[3]
        server.sendall(b" ".join((method, path, version)) + b"\r\n" + rest)
    threading.Thread(target=copy, args=(server, connection), daemon=True).start()
    copy(connection, server)


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
# Whoever started this ends it by closing its standard input.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
while True:
    threading.Thread(target=handle, args=(listener.accept()[0],), daemon=True).start()
