"""What the programs of this folder share."""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from pika.adapters.utils import io_services_utils

printing = threading.Lock()


def arguments(*names: str) -> argparse.Namespace:
    """The arguments that say where the broker is, and those named here."""
    parser = argparse.ArgumentParser()
    for name in ('protocol', 'host', 'port', 'username', *names):
        parser.add_argument(f'--{name}', required=True)
    return parser.parse_args()


def broker_of(args: argparse.Namespace) -> dict[str, Any]:
    return {
        'protocol': args.protocol,
        'host': args.host,
        'port': int(args.port),
        'username': args.username,
        'password': os.environ['BROKER_PASSWORD'],
    }


def brokers_of(args: argparse.Namespace) -> list[dict[str, Any]]:
    """The broker, and the one on the same machine at the port `also`."""
    broker = broker_of(args)
    return [broker, {**broker, 'port': int(args.also)}]


def data_stores() -> dict[str, Any]:
    """The store that the test named, if it named one, as a configuration has it."""
    return json.loads(os.environ.get('DATA_STORES', '{}'))


def tell(*values: Any) -> None:
    """Writes a line of JSON; bytes become an object with their hexadecimal digits."""
    line = json.dumps(values, default=lambda value: {'hex': value.hex()})
    with printing:
        print(line, flush=True)


def end_with_standard_input() -> None:
    """Ends this program when its standard input ends, so that it never outlives the test that started it."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def with_lock(lock: Any, method: Callable[..., Any]) -> Callable[..., Any]:
    def locked(*args: Any, **kwargs: Any) -> Any:
        with lock:
            return method(*args, **kwargs)

    return locked


def let_threads_write() -> None:
    """The SDK sends from a thread while pika's own thread sends, which pika does not allow: once in some hundred
    messages one stays in the buffer until the broker gives the connection up, half a minute later. The lock keeps
    this out of tests that are about something else.
    """
    transport = io_services_utils._AsyncPlaintextTransport
    lock = threading.RLock()
    for name in ('write', '_on_socket_writable'):
        setattr(transport, name, with_lock(lock, getattr(transport, name)))
