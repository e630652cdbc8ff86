"""Prints what this process could see of others, as JSON: an errno each, 0 for success."""

import ctypes
import errno
import json
import os
import socket
import subprocess
import sys

STUDENT = int(sys.argv[1])
NOBODY_HAS_THIS_PID = 0x7FFFFFFE
PTRACE_ATTACH = 16

libc = ctypes.CDLL(None, use_errno=True)


def errno_of(result):
    return 0 if result >= 0 else ctypes.get_errno()


def environment_of_another_user():
    child = subprocess.Popen(["sleep", "60"], user=STUDENT, group=STUDENT, extra_groups=[])
    try:
        with open(f"/proc/{child.pid}/environ", "rb") as file:
            file.read()
        return 0
    except OSError as error:
        return error.errno
    finally:
        child.kill()
        child.wait()


def connect_elsewhere():
    with socket.socket() as client:
        client.settimeout(1)
        try:
            client.connect(("192.0.2.1", 80))
            return 0
        except OSError as error:
            return error.errno or errno.ETIMEDOUT


print(
    json.dumps(
        {
            "ptrace": errno_of(libc.ptrace(PTRACE_ATTACH, NOBODY_HAS_THIS_PID, None, None)),
            "processVmReadv": errno_of(libc.process_vm_readv(os.getpid(), None, 0, None, 0, 0)),
            "environment": environment_of_another_user(),
            "connect": connect_elsewhere(),
            "cpus": len(os.sched_getaffinity(0)),
        }
    )
)
