"""The clients of all examples at two brokers, side by side, as soon as there is a line on its standard input.

It writes what each of them shows, with the port of its broker and the name of the example, and last that it ended.
"""

import sys
import threading

from counting_example import CountingClient
from hello_example import HelloClient
from intersect_sdk import IntersectClient, IntersectClientConfig
from peer import arguments, brokers_of, tell
from ping_pong_example import PingPongClient

EXAMPLES = {'hello': HelloClient, 'counting': CountingClient, 'ping-pong': PingPongClient}


def run(broker, name) -> None:
    done = threading.Event()
    example = EXAMPLES[name](lambda shown: tell(broker['port'], name, shown), done.set)
    client = IntersectClient(
        IntersectClientConfig(brokers=[broker], initial_message_event_config=example.first),
        getattr(example, 'on_response', None),
        getattr(example, 'on_event', None),
    )
    client.startup()
    done.wait()
    client.shutdown()
    tell(broker['port'], name, 'ended')


if __name__ == '__main__':
    brokers = brokers_of(arguments('also'))
    sys.stdin.readline()
    for broker in brokers:
        for name in EXAMPLES:
            threading.Thread(target=run, args=[broker, name], daemon=True).start()
    sys.stdin.read()
