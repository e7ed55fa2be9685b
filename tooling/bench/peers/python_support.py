"""What the programs of the Python SDK share: the other half of `lib/commands.mjs`."""

import json
import os
from typing import Any

# Of tooling/e2e/python. `let_threads_write` mends a stall of half a minute, so the figures are the SDK's best.
from peer import end_with_standard_input, let_threads_write, printing

__all__ = ['broker', 'end_with_standard_input', 'let_threads_write', 'settings', 'tell']

settings = json.loads(os.environ['INTERSECT_BENCH'])
broker = {
    'protocol': {'amqp': 'amqp0.9.1', 'mqtt': 'mqtt5.0'}[settings['protocol']],
    **{name: settings[name] for name in ('host', 'port', 'username', 'password')},
}


def tell(**line: Any) -> None:
    with printing:
        print(json.dumps(line), flush=True)
