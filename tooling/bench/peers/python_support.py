"""What the programs of the Python SDK share: the other half of `lib/commands.mjs`."""

import json
import os
from typing import Any
from urllib.parse import urlsplit

# Of tooling/e2e/python. `let_threads_write` mends a stall of half a minute, so the figures are the SDK's best.
from peer import end_with_standard_input, let_threads_write, printing

__all__ = ['broker', 'data_store', 'end_with_standard_input', 'let_threads_write', 'settings', 'tell']

settings = json.loads(os.environ['INTERSECT_BENCH'])
broker = {} if 'protocol' not in settings else {
    'protocol': {'amqp': 'amqp0.9.1', 'mqtt': 'mqtt5.0'}[settings['protocol']],
    **{name: settings[name] for name in ('host', 'port', 'username', 'password')},
}
data_store = {}
if 'store' in settings:
    _url = urlsplit(settings['store']['url'])
    data_store = {
        'host': f'{_url.scheme}://{_url.hostname}',
        'port': _url.port,
        **{name: settings['store'][name] for name in ('username', 'password')},
    }


def tell(**line: Any) -> None:
    with printing:
        print(json.dumps(line), flush=True)
