"""The client of the first example: writes the greeting, and ends."""

import threading

from hello_example import HelloClient
from intersect_sdk import IntersectClient, IntersectClientConfig
from peer import arguments, broker_of, end_with_standard_input, tell

if __name__ == '__main__':
    broker = broker_of(arguments())
    end_with_standard_input()
    done = threading.Event()
    example = HelloClient(tell, done.set)
    client = IntersectClient(
        IntersectClientConfig(brokers=[broker], initial_message_event_config=example.first),
        example.on_response,
    )
    client.startup()
    done.wait()
    client.shutdown()
