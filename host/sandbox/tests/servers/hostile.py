"""A server that tries what it must not be able to do. Each argument is an attempt, `name` or `name=value`.

Prints one JSON object: for each attempt what came of it. "refused" begins the answer of one that failed.
"""

import ctypes
import errno
import json
import os
import platform
import resource
import signal
import socket
import struct
import sys
import time

libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"


def syscall(number, *arguments):
    """A raw system call; raises what it is refused with."""
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(argument) for argument in arguments])
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def read(path):
    with open(path, "rb") as file:
        return file.read(4096).decode("utf-8", "replace")


def listing(path):
    return sorted(os.listdir(path))


def write(path):
    with open(path, "a") as file:
        file.write("hostile\n")
    return "written"


def create(folder):
    return write(os.path.join(folder, "hostile"))


def empty(path):
    os.truncate(path, 0)
    return "emptied"


def remove(path):
    os.remove(path)
    return "removed"


def tcp(port):
    socket.create_connection(("127.0.0.1", int(port)), timeout=2).sendall(b"hostile")
    return "connected"


def udp(port):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"hostile", ("127.0.0.1", int(port)))
    return "sent"


def abstract(name):
    socket.socket(socket.AF_UNIX).connect("\0" + name)
    return "connected"


def unix(path):
    socket.socket(socket.AF_UNIX).connect(path)
    return "connected"


def vsock():
    return socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).fileno()


def resolve():
    return socket.getaddrinfo("example.com", 80)[0][4][0]


def own_loopback():
    listener = socket.create_server(("127.0.0.1", 0))
    socket.create_connection(listener.getsockname(), timeout=2)
    return "talked to itself"


def environ(marker):
    """The environment of other processes."""
    found = []
    for process in os.listdir("/proc"):
        if process.isdigit() and int(process) != os.getpid():
            try:
                if marker in read(f"/proc/{process}/environ"):
                    found.append(process)
            except OSError:
                pass
    if not found:
        raise OSError("nothing found")
    return found


def processes():
    return [int(process) for process in os.listdir("/proc") if process.isdigit()]


def init_memory():
    os.open("/proc/1/mem", os.O_RDWR)
    return "opened"


def init_files():
    return listing("/proc/1/fd")


def kill(pid):
    os.kill(int(pid), signal.SIGKILL)
    return "killed"


def kill_all():
    os.kill(-1, signal.SIGKILL)
    return "killed what there was"


def ptrace(pid):
    syscall(101 if X86 else 117, 16, int(pid), 0, 0)
    return "attached"


def traceme():
    syscall(101 if X86 else 117, 0, 0, 0, 0)
    return "traced"


def peek(pid):
    syscall(310 if X86 else 270, int(pid), 0, 0, 0, 0, 0)
    return "peeked"


def mount():
    if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == -1:
        raise OSError(ctypes.get_errno(), "mount")
    return "mounted"


def umount(path):
    if libc.umount2(path.encode(), 2) == -1:
        raise OSError(ctypes.get_errno(), "umount")
    return "unmounted"


def new_user_namespace():
    if libc.unshare(0x10000000) == -1:
        raise OSError(ctypes.get_errno(), "unshare")
    return "made"


def clone_user_namespace():
    pid = syscall(56 if X86 else 220, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return "made"


def calls():
    """Ways into the kernel that no server needs."""
    numbers = (
        {"bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "keyctl": 250, "add_key": 248, "io_uring_setup": 425,
         "init_module": 175, "kexec_load": 246, "reboot": 169, "swapon": 167, "open_by_handle_at": 304, "setns": 308,
         "pivot_root": 155, "fsopen": 430, "open_tree": 428, "syslog": 103, "sethostname": 170, "iopl": 172,
         "x32 ptrace": 0x40000000 | 521, "x32 mount": 0x40000000 | 165, "pidfd_getfd": 438}
        if X86
        else {"bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "keyctl": 219, "add_key": 217,
              "io_uring_setup": 425, "init_module": 105, "kexec_load": 104, "reboot": 142, "swapon": 224,
              "open_by_handle_at": 265, "setns": 268, "pivot_root": 41, "fsopen": 430, "open_tree": 428, "syslog": 116,
              "sethostname": 161, "pidfd_getfd": 438}
    )
    answers = {}
    for name, number in numbers.items():
        try:
            answers[name] = syscall(number, 0, 0, 0, 0, 0)
        except OSError as why:
            answers[name] = errno.errorcode.get(why.errno, why.errno)
    return answers


def other_architecture():
    """The same processor, asked in 32 bits: its numbers mean other calls. In a child, for it is death."""
    import mmap

    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        # mov eax, 20 (getpid); int 0x80; ret
        code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
        address = ctypes.addressof(ctypes.c_char.from_buffer(code))
        ctypes.CFUNCTYPE(ctypes.c_int)(address)()
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        raise OSError("killed by " + signal.Signals(os.WTERMSIG(status)).name)
    return "answered"


def type_for_the_user():
    """Puts a letter into a terminal's input."""
    import fcntl
    import pty

    _, terminal = pty.openpty()
    fcntl.ioctl(terminal, 0x5412, b"x")
    return "typed"


def set_user_id(program):
    """A set-user-id program: what does it say who it is?"""
    import subprocess

    return subprocess.run([program], capture_output=True, text=True, timeout=5).stdout


def device():
    os.mknod("/tmp/disk", 0o600 | 0o060000, os.makedev(254, 0))
    return "made"


def status():
    wanted = ("NoNewPrivs", "Seccomp", "CapEff", "CapPrm", "CapBnd", "CapAmb")
    lines = read("/proc/self/status").splitlines()
    return {name: value.strip() for name, value in (line.split(":", 1) for line in lines) if name in wanted}


def strays():
    """Files that somebody else left open."""
    mine = {0, 1, 2}
    return [number for number in map(int, os.listdir("/proc/self/fd")) if number not in mine and is_open(number)]


def is_open(number):
    try:
        os.fstat(number)
        return True
    except OSError:
        return False


def fork_bomb(most):
    """How many processes it can have at once."""
    children = []
    try:
        for _ in range(int(most)):
            pid = os.fork()
            if pid == 0:
                time.sleep(60)
                os._exit(0)
            children.append(pid)
    except OSError as why:
        return {"children": len(children), "refused": errno.errorcode[why.errno]}
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return {"children": len(children)}


def eat_memory(mebibytes):
    eaten = []
    try:
        for _ in range(int(mebibytes)):
            eaten.append(b"x" * (1 << 20))
    except MemoryError:
        count = len(eaten)
        eaten.clear()
        return {"mebibytes": count, "refused": "MemoryError"}
    return {"mebibytes": len(eaten)}


def fill(folder):
    """How much can be written to a folder, in files of a mebibyte."""
    written = 0
    try:
        while written < 4096:
            with open(os.path.join(folder, f"fill{written}"), "wb") as file:
                file.write(b"x" * (1 << 20))
            written += 1
    except OSError as why:
        return {"mebibytes": written, "refused": errno.errorcode[why.errno]}
    return {"mebibytes": written}


def big_file(path):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with open(path, "wb") as file:
        for mebibyte in range(4096):
            try:
                file.write(b"x" * (1 << 20))
                file.flush()
            except OSError as why:
                return {"mebibytes": mebibyte, "refused": errno.errorcode[why.errno]}
    return {"mebibytes": 4096}


def open_files():
    files = []
    try:
        while len(files) < 100_000:
            files.append(os.open("/dev/null", os.O_RDONLY))
    except OSError as why:
        return {"files": len(files), "refused": errno.errorcode[why.errno]}
    finally:
        for file in files:
            os.close(file)
    return {"files": len(files)}


def shared_memory():
    """Memory that other processes reach by a number."""
    return syscall(29 if X86 else 194, 4711, 4096, 0o1666)


def terminal():
    """The terminal of whoever started it."""
    with open("/dev/tty", "w") as file:
        file.write("")
    return "opened"


def raise_limits():
    resource.setrlimit(resource.RLIMIT_DATA, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return "raised"


def more_ids():
    with open("/proc/sys/kernel/pid_max", "w") as file:
        file.write("32768")
    return "raised"


def run_own(folder):
    """A program that it wrote itself."""
    import subprocess

    path = os.path.join(folder, "own")
    with open(path, "w") as file:
        file.write("#!/bin/sh\necho ran\n")
    os.chmod(path, 0o755)
    return subprocess.run([path], capture_output=True, text=True, timeout=5).stdout


ATTEMPTS = {
    name: attempt
    for name, attempt in list(globals().items())
    if callable(attempt) and getattr(attempt, "__module__", None) == "__main__" and name not in ("syscall", "is_open")
}

if __name__ == "__main__":
    answers = {}
    for argument in sys.argv[1:]:
        name, _, value = argument.partition("=")
        try:
            answers[argument] = ATTEMPTS[name](value) if value else ATTEMPTS[name]()
        except (OSError, MemoryError, ValueError) as why:
            answers[argument] = f"refused: {why}"
    print(json.dumps(answers))
