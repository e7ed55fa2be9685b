"""A service of the Python SDK that talks with another one: it asks it, and listens to its events.

It says READY on its standard output when it is started.
"""

from intersect_sdk import (
    IntersectBaseCapabilityImplementation,
    IntersectDirectMessageParams,
    IntersectEventDefinition,
    IntersectService,
    IntersectServiceConfig,
    default_intersect_lifecycle_loop,
    intersect_message,
)
from peer import arguments, broker_of, end_with_standard_input, let_threads_write, tell
from serving import hierarchy_of

args = arguments('service', 'other')
other = hierarchy_of(args.other)


class Relay(IntersectBaseCapabilityImplementation):
    intersect_sdk_capability_name = 'Relay'
    intersect_sdk_events = {
        'answered': IntersectEventDefinition(event_type=str),
        'heard': IntersectEventDefinition(event_type=int),
    }

    @intersect_message()
    def shout(self, text: str) -> str:
        return text.upper()

    @intersect_message()
    def ask_other(self, name: str) -> None:
        """Its answer says only that the other was or will be asked; what came of it is told by an event."""
        self.intersect_sdk_call_service(
            IntersectDirectMessageParams(
                destination=other.hierarchy_string('.'), operation='Probe.greet', payload=name
            ),
            lambda _source, _operation, has_error, payload: self.intersect_sdk_emit_event(
                'answered', 'refused' if has_error else payload
            ),
        )


if __name__ == '__main__':
    relay = Relay()
    config = IntersectServiceConfig(hierarchy=hierarchy_of(args.service), brokers=[broker_of(args)])
    service = IntersectService([relay], config)
    relay.intersect_sdk_listen_for_service_event(
        other,
        'Probe',
        'counted',
        lambda _source, _capability, _event, payload: relay.intersect_sdk_emit_event('heard', payload),
    )
    let_threads_write()
    end_with_standard_input()
    default_intersect_lifecycle_loop(service, post_startup_callback=lambda: tell('READY'))
