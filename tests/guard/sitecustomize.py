"""Put on a child's PYTHONPATH: refuses, and writes down, every connection or name look-up beyond loopback."""

import ipaddress
import os
import socket

_LOG = os.environ["GUARD_LOG"]
_connect, _connect_ex, _look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


def _refuse(host):
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        inside = name in ("localhost", "") or ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        inside = False
    if not inside:
        with open(_LOG, "a", encoding="utf-8") as log:
            log.write(f"{name}\n")
        raise OSError(f"this test refuses {name}")


def connect(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        _refuse(address[0])
    return _connect(self, address)


def connect_ex(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        _refuse(address[0])
    return _connect_ex(self, address)


def getaddrinfo(host, *args, **kwargs):
    if host is not None:
        _refuse(host)
    return _look_up(host, *args, **kwargs)


socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo = connect, connect_ex, getaddrinfo
