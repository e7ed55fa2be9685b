"""A service of the Python SDK whose operations have the arguments that are hardest for a form. Each answers with what it got.

It says READY on its standard output when it is started.
"""

from enum import Enum
from typing import Optional

from pydantic import BaseModel, Field

from intersect_sdk import IntersectBaseCapabilityImplementation, intersect_message
from serving import serve


class Speed(str, Enum):
    slow = 'slow'
    fast = 'fast'


class Motion(BaseModel):
    steps: int = 3
    speed: Speed = Speed.slow


class Plan(BaseModel):
    name: str
    # Not the defaults of the model itself.
    motion: Motion = Motion(steps=10, speed=Speed.fast)
    limit: Optional[int] = 7
    pair: tuple[int, str] = (1, 'a')
    weights: dict[str, float] = Field(default_factory=dict)


class Forms(IntersectBaseCapabilityImplementation):
    intersect_sdk_capability_name = 'Forms'

    @intersect_message()
    def plan(self, plan: Plan) -> Plan:
        return plan

    @intersect_message()
    def maybe(self, number: Optional[int]) -> Optional[int]:
        return number

    @intersect_message()
    def text_of_bytes(self, data: bytes) -> int:
        return len(data)

    @intersect_message(request_content_type='image/png', response_content_type='image/png')
    def picture(self, data: bytes) -> bytes:
        return data


if __name__ == '__main__':
    serve(Forms())
