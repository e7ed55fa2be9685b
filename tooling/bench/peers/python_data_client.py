"""The client of the Python SDK: asks for large data as soon as an answer is there, and says how many MiB came in a second."""

import time
from typing import Any

from intersect_sdk import (
    IntersectClient,
    IntersectClientCallback,
    IntersectClientConfig,
    IntersectDataHandler,
    IntersectDirectMessageParams,
    default_intersect_lifecycle_loop,
)
from python_support import broker, data_store, end_with_standard_input, let_threads_write, settings, tell

is_text = settings['way'] == 'text'
payload = 'x' * settings['bytes'] if is_text else ''
request = IntersectDirectMessageParams(
    destination=settings['service'],
    operation='Bench.echo' if is_text else 'Bench.picture',
    payload=payload,
    # The client of Python can send nothing but JSON.
    data_handler=IntersectDataHandler.MINIO if is_text else IntersectDataHandler.MESSAGE,
)
begin = 0.0
answered = 0


def on_response(_source: str, _operation: str, has_error: bool, answer: Any) -> IntersectClientCallback:
    global begin, answered
    if has_error or len(answer) != settings['bytes'] or (is_text and answer != payload):
        raise RuntimeError('The answer is not what was sent.')
    now = time.perf_counter()
    if begin == 0.0:
        begin = now
        return IntersectClientCallback(messages_to_send=[request])
    answered += 1
    if now - begin < settings['durationMs'] / 1000:
        return IntersectClientCallback(messages_to_send=[request])
    tell(result=answered * settings['bytes'] / 2**20 / (now - begin))
    return IntersectClientCallback()


if __name__ == '__main__':
    config = IntersectClientConfig(
        brokers=[broker],
        data_stores={'minio': [data_store]},
        initial_message_event_config=IntersectClientCallback(messages_to_send=[request]),
    )
    let_threads_write()
    end_with_standard_input()
    default_intersect_lifecycle_loop(IntersectClient(config, on_response))
