"""The second example: a service with state that changes by itself, and a client whose next message follows the answer."""

import threading
from dataclasses import dataclass

from pydantic import BaseModel

from intersect_sdk import (
    HierarchyConfig,
    IntersectBaseCapabilityImplementation,
    IntersectClientCallback,
    IntersectDirectMessageParams,
    intersect_message,
    intersect_status,
)

HIERARCHY = HierarchyConfig(
    organization='counting-organization',
    facility='counting-facility',
    system='counting-system',
    subsystem='counting-subsystem',
    service='counting-service',
)
SECONDS_PER_COUNT = 0.125
SECONDS_BETWEEN_MESSAGES = 0.25


class CountingState(BaseModel):
    count: int = 0
    counting: bool = False


@dataclass
class CountingResponse:
    state: CountingState
    success: bool


class CountingService(IntersectBaseCapabilityImplementation):
    intersect_sdk_capability_name = 'CountingExample'

    def __init__(self) -> None:
        super().__init__()
        self.state = CountingState()
        self.stopped = threading.Event()

    @intersect_status()
    def status(self) -> CountingState:
        return self.state

    @intersect_message()
    def start_count(self) -> CountingResponse:
        if self.state.counting:
            return CountingResponse(self.state, False)
        self.state.counting = True
        self.state.count += 1
        self.stopped = threading.Event()
        threading.Thread(target=self.count_up, args=[self.stopped], daemon=True).start()
        return CountingResponse(self.state.model_copy(), True)

    @intersect_message()
    def stop_count(self) -> CountingResponse:
        if not self.state.counting:
            return CountingResponse(self.state, False)
        self.stopped.set()
        self.state.counting = False
        return CountingResponse(self.state.model_copy(), True)

    @intersect_message()
    def reset_count(self, start_again: bool) -> CountingState:
        before = self.state.model_copy()
        self.stop_count()
        self.state.count = 0
        if start_again:
            self.start_count()
        return before

    def count_up(self, stopped: threading.Event) -> None:
        while not stopped.wait(SECONDS_PER_COUNT):
            self.state.count += 1


def message(operation, payload=None) -> IntersectClientCallback:
    return IntersectClientCallback(
        messages_to_send=[
            IntersectDirectMessageParams(
                destination=HIERARCHY.hierarchy_string('.'),
                operation=f'CountingExample.{operation}',
                payload=payload,
            )
        ]
    )


class CountingClient:
    """Calls `show` with each operation and its answer, then `stop`."""

    def __init__(self, show, stop) -> None:
        self.show = show
        self.stop = stop
        self.first = message('start_count')
        self.rest = iter(
            [
                message('stop_count'),
                message('start_count'),
                message('reset_count', True),
                message('reset_count', False),
                message('start_count'),
                message('stop_count'),
            ]
        )

    def on_response(self, source, operation, has_error, payload) -> IntersectClientCallback | None:
        self.show([source, operation, has_error, payload])
        following = next(self.rest, None)
        if following is None:
            self.stop()
        else:
            threading.Event().wait(SECONDS_BETWEEN_MESSAGES)
        return following
