"""The example whose data travel by reference: its service, and as soon as there is a line on its standard input its client.

Each is at a broker of its own, the service at the one that is given first. It says READY when the service is started, and writes what the
client shows.
"""

import sys
import threading

from hello_example import HIERARCHY, HelloClient
from intersect_sdk import (
    IntersectBaseCapabilityImplementation,
    IntersectClient,
    IntersectClientCallback,
    IntersectClientConfig,
    IntersectDataHandler,
    IntersectDirectMessageParams,
    IntersectService,
    IntersectServiceConfig,
    intersect_message,
    intersect_status,
)
from peer import arguments, brokers_of, data_stores, tell


class HelloService(IntersectBaseCapabilityImplementation):
    intersect_sdk_capability_name = 'HelloExample'

    @intersect_status()
    def status(self) -> str:
        return 'Up'

    @intersect_message(response_data_transfer_handler=IntersectDataHandler.MINIO)
    def say_hello_to_name(self, name: str) -> str:
        return f'Hello, {name}!'


FIRST = IntersectClientCallback(
    messages_to_send=[
        IntersectDirectMessageParams(
            destination=HIERARCHY.hierarchy_string('.'),
            operation='HelloExample.say_hello_to_name',
            payload='hello_client',
            data_handler=IntersectDataHandler.MINIO,
        )
    ]
)


def greet(broker) -> None:
    done = threading.Event()
    client = IntersectClient(
        IntersectClientConfig(brokers=[broker], data_stores=data_stores(), initial_message_event_config=FIRST),
        HelloClient(tell, done.set).on_response,
    )
    client.startup()
    done.wait()
    client.shutdown()
    tell('ended')


if __name__ == '__main__':
    at_service, at_client = brokers_of(arguments('also'))
    service = IntersectService(
        [HelloService()],
        IntersectServiceConfig(hierarchy=HIERARCHY, brokers=[at_service], data_stores=data_stores()),
    )
    service.startup()
    tell('READY')
    sys.stdin.readline()
    greet(at_client)
    sys.stdin.read()
    service.shutdown()
