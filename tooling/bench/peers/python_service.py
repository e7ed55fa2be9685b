"""The service of the Python SDK."""

from intersect_sdk import (
    HierarchyConfig,
    IntersectBaseCapabilityImplementation,
    IntersectService,
    IntersectServiceConfig,
    default_intersect_lifecycle_loop,
    intersect_message,
)
from python_support import broker, end_with_standard_input, let_threads_write, settings, tell


class Bench(IntersectBaseCapabilityImplementation):
    intersect_sdk_capability_name = 'Bench'

    @intersect_message()
    def echo(self, text: str) -> str:
        return text


if __name__ == '__main__':
    service = IntersectService(
        [Bench()],
        IntersectServiceConfig(hierarchy=HierarchyConfig(**settings['hierarchy']), brokers=[broker]),
    )
    let_threads_write()
    end_with_standard_input()
    default_intersect_lifecycle_loop(service, post_startup_callback=lambda: tell(ready=True))
