"""A client of the Python SDK that follows a plan, the first line of its standard input:

    {"requests": [{"destination": ..., "operation": ..., "payload": ..., "data_handler": ...}], "at_once": false,
     "events": [{"hierarchy": ..., "capability_name": ..., "event_name": ...}]}

It sends the next request when the answer to the last one is there, or all of them at once, and writes what comes in.
"""

import json
import sys
from typing import Any

from intersect_sdk import (
    IntersectClient,
    IntersectClientCallback,
    IntersectClientConfig,
    IntersectDirectMessageParams,
    IntersectEventMessageParams,
    default_intersect_lifecycle_loop,
)
from peer import arguments, broker_of, data_stores, end_with_standard_input, let_threads_write, tell

if __name__ == '__main__':
    args = arguments()
    plan = json.loads(sys.stdin.readline())
    requests = [IntersectDirectMessageParams(**request) for request in plan['requests']]
    first = requests if plan['at_once'] else requests[:1]
    rest = requests[len(first) :]

    def on_response(source: str, operation: str, has_error: bool, payload: Any) -> IntersectClientCallback:
        tell('response', source, operation, has_error, payload)
        return IntersectClientCallback(messages_to_send=[rest.pop(0)] if rest else [])

    config = IntersectClientConfig(
        brokers=[broker_of(args)],
        data_stores=data_stores(),
        initial_message_event_config=IntersectClientCallback(
            messages_to_send=first,
            services_to_start_listening_for_events=[
                IntersectEventMessageParams(**event) for event in plan['events']
            ],
        ),
    )
    let_threads_write()
    end_with_standard_input()
    default_intersect_lifecycle_loop(
        IntersectClient(config, on_response, lambda *event: tell('event', *event)),
        post_startup_callback=lambda: tell('sent'),
    )
