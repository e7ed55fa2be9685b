"""A service of the Python SDK with one operation for each thing that a client of another SDK can meet.

It says READY on its standard output when it is started.
"""

import time

from pydantic import BaseModel

from intersect_sdk import (
    IntersectBaseCapabilityImplementation,
    IntersectCapabilityError,
    IntersectEventDefinition,
    intersect_message,
)
from peer import tell
from serving import serve


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
    def rest(self, seconds: int) -> None:
        tell('RESTING')
        time.sleep(seconds)

    @intersect_message()
    def emit(self, count: int) -> None:
        for number in range(count):
            self.intersect_sdk_emit_event('counted', number)
        self.intersect_sdk_emit_event('summed', Summary(label='emitted', count=count, total=sum(range(count))))


if __name__ == '__main__':
    serve(Probe())
