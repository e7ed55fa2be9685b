"""A service of the Python SDK with one operation for each thing that a client of another SDK can meet.

It says READY on its standard output when it is started, and ends when its standard input does, so that it never
outlives the test that started it.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from pika.adapters.utils import io_services_utils
from pydantic import BaseModel

from intersect_sdk import (
    HierarchyConfig,
    IntersectBaseCapabilityImplementation,
    IntersectCapabilityError,
    IntersectEventDefinition,
    IntersectService,
    IntersectServiceConfig,
    default_intersect_lifecycle_loop,
    intersect_message,
)


class Numbers(BaseModel):
    label: str
    values: list[float]


class Summary(BaseModel):
    label: str
    count: int
    total: float


class Probe(IntersectBaseCapabilityImplementation):
    intersect_sdk_capability_name = 'Probe'
    intersect_sdk_events = {
        'counted': IntersectEventDefinition(event_type=int),
        'summed': IntersectEventDefinition(event_type=Summary),
    }

    @intersect_message()
    def greet(self, name: str) -> str:
        return f'Hello, {name}!'

    @intersect_message()
    def sum_up(self, numbers: Numbers) -> Summary:
        return Summary(label=numbers.label, count=len(numbers.values), total=sum(numbers.values))

    @intersect_message()
    def echo(self, value: int) -> int:
        return value

    @intersect_message()
    def refuse(self, reason: str) -> str:
        raise IntersectCapabilityError(reason)

    @intersect_message()
    def break_down(self) -> str:
        raise ValueError("a detail that is nobody's business")

    @intersect_message(
        request_content_type='application/octet-stream',
        response_content_type='application/octet-stream',
    )
    def reverse(self, data: bytes) -> bytes:
        return data[::-1]

    @intersect_message()
    def emit(self, count: int) -> None:
        for number in range(count):
            self.intersect_sdk_emit_event('counted', number)
        self.intersect_sdk_emit_event('summed', Summary(label='emitted', count=count, total=sum(range(count))))


def with_lock(lock: threading.RLock, function: Callable[..., Any]) -> Callable[..., Any]:
    def locked(*args: Any) -> Any:
        with lock:
            return function(*args)

    return locked


def let_threads_write() -> None:
    """The SDK answers from a thread while pika's own thread sends, which pika does not allow: once in some hundred
    answers one stays in the buffer until the broker gives the connection up, half a minute later. The lock keeps
    this out of tests that are about something else.
    """
    transport = io_services_utils._AsyncPlaintextTransport
    lock = threading.RLock()
    for name in ('write', '_on_socket_writable'):
        setattr(transport, name, with_lock(lock, getattr(transport, name)))


def end_with_standard_input() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    for name in ('protocol', 'host', 'port', 'username', 'service'):
        parser.add_argument(f'--{name}', required=True)
    args = parser.parse_args()
    config = IntersectServiceConfig(
        hierarchy=HierarchyConfig(
            organization='interop-org', facility='interop-fac', system='interop-sys', service=args.service
        ),
        brokers=[
            {
                'protocol': args.protocol,
                'host': args.host,
                'port': int(args.port),
                'username': args.username,
                'password': os.environ['BROKER_PASSWORD'],
            }
        ],
    )
    let_threads_write()
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    default_intersect_lifecycle_loop(
        IntersectService([Probe()], config),
        post_startup_callback=lambda: print('READY', flush=True),
    )
