"""The first example: a service that says hello, and a client that asks it to."""

from intersect_sdk import (
    HierarchyConfig,
    IntersectBaseCapabilityImplementation,
    IntersectClientCallback,
    IntersectDirectMessageParams,
    intersect_message,
    intersect_status,
)

HIERARCHY = HierarchyConfig(
    organization='hello-organization',
    facility='hello-facility',
    system='hello-system',
    subsystem='hello-subsystem',
    service='hello-service',
)


class HelloService(IntersectBaseCapabilityImplementation):
    intersect_sdk_capability_name = 'HelloExample'

    @intersect_status()
    def status(self) -> str:
        return 'Up'

    @intersect_message()
    def say_hello_to_name(self, name: str) -> str:
        return f'Hello, {name}!'


class HelloClient:
    """Calls `show` with the greeting, then `stop`."""

    def __init__(self, show, stop) -> None:
        self.show = show
        self.stop = stop
        self.first = IntersectClientCallback(
            messages_to_send=[
                IntersectDirectMessageParams(
                    destination=HIERARCHY.hierarchy_string('.'),
                    operation='HelloExample.say_hello_to_name',
                    payload='hello_client',
                )
            ]
        )

    def on_response(self, source, operation, has_error, payload) -> None:
        self.show(payload)
        self.stop()
