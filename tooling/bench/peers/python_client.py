"""The client of the Python SDK: asks again as soon as an answer is there, and says how many answers came in a second."""

import time
from typing import Any

from intersect_sdk import (
    IntersectClient,
    IntersectClientCallback,
    IntersectClientConfig,
    IntersectDirectMessageParams,
    default_intersect_lifecycle_loop,
)
from python_support import broker, end_with_standard_input, let_threads_write, settings, tell

payload = 'x' * settings['payloadBytes']
request = IntersectDirectMessageParams(
    destination=settings['service'], operation='Bench.echo', payload=payload
)
first_answer = 0.0
begin = 0.0
answered = 0
told = False


def on_response(_source: str, _operation: str, has_error: bool, answer: Any) -> IntersectClientCallback:
    global first_answer, begin, answered, told
    now = time.perf_counter()
    if has_error or answer != payload:
        raise RuntimeError('The answer is not what was sent.')
    if first_answer == 0.0:
        first_answer = now
        tell(first=True)
    if begin == 0.0 and now - first_answer >= settings['warmUpMs'] / 1000:
        begin = now
    elif begin > 0.0:
        answered += 1
        if not told and now - begin >= settings['durationMs'] / 1000:
            told = True
            tell(result=answered / (now - begin))
    return IntersectClientCallback(messages_to_send=[] if told else [request])


if __name__ == '__main__':
    config = IntersectClientConfig(
        brokers=[broker],
        initial_message_event_config=IntersectClientCallback(
            messages_to_send=[request] * settings['inFlight']
        ),
    )
    let_threads_write()
    end_with_standard_input()
    default_intersect_lifecycle_loop(IntersectClient(config, on_response))
