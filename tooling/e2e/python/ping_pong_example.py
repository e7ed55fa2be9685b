"""The third example: two services that emit events, and a client that listens to one of them at a time."""

import threading

from intersect_sdk import (
    HierarchyConfig,
    IntersectBaseCapabilityImplementation,
    IntersectClientCallback,
    IntersectEventDefinition,
    IntersectEventMessageParams,
)

SECONDS_BETWEEN_EVENTS = 0.5
EVENTS_TO_SHOW = 4


def hierarchy_of(name: str) -> HierarchyConfig:
    return HierarchyConfig(
        organization='p-ng-organization',
        facility='p-ng-facility',
        system='p-ng-system',
        subsystem='p-ng-subsystem',
        service=f'{name}-service',
    )


class PingService(IntersectBaseCapabilityImplementation):
    intersect_sdk_capability_name = 'ping'
    intersect_sdk_events = {'ping': IntersectEventDefinition(event_type=str)}

    def after_startup(self) -> None:
        threading.Thread(target=self.emit_for_ever, daemon=True).start()

    def emit_for_ever(self) -> None:
        name = self.intersect_sdk_capability_name
        while not threading.Event().wait(SECONDS_BETWEEN_EVENTS):
            self.intersect_sdk_emit_event(name, name)


class PongService(PingService):
    intersect_sdk_capability_name = 'pong'
    intersect_sdk_events = {'pong': IntersectEventDefinition(event_type=str)}


def events_of(name: str) -> IntersectEventMessageParams:
    return IntersectEventMessageParams(
        hierarchy=hierarchy_of(name).hierarchy_string('.'), capability_name=name, event_name=name
    )


class PingPongClient:
    """Calls `show` with each event, then `stop`."""

    def __init__(self, show, stop) -> None:
        self.show = show
        self.stop = stop
        self.shown = 0
        self.wanted = 'ping'
        self.first = IntersectClientCallback(services_to_start_listening_for_events=[events_of('ping')])

    def on_event(self, source, capability_name, event_name, payload) -> IntersectClientCallback | None:
        # One more can come before the broker has heard that it is not wanted.
        if event_name != self.wanted or self.shown == EVENTS_TO_SHOW:
            return None
        self.show(payload)
        self.shown += 1
        if self.shown == EVENTS_TO_SHOW:
            self.stop()
            return None
        self.wanted = 'pong' if event_name == 'ping' else 'ping'
        return IntersectClientCallback(
            services_to_start_listening_for_events=[events_of(self.wanted)],
            services_to_stop_listening_for_events=[events_of(event_name)],
        )
