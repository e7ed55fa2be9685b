"""The service of the Python SDK, whose answers lie in the data store."""

from intersect_sdk import (
    HierarchyConfig,
    IntersectBaseCapabilityImplementation,
    IntersectDataHandler,
    IntersectService,
    IntersectServiceConfig,
    default_intersect_lifecycle_loop,
    intersect_message,
)
from python_support import broker, data_store, end_with_standard_input, let_threads_write, settings, tell

image = b'\x07' * settings['bytes']


class Bench(IntersectBaseCapabilityImplementation):
    intersect_sdk_capability_name = 'Bench'

    @intersect_message(response_data_transfer_handler=IntersectDataHandler.MINIO)
    def echo(self, text: str) -> str:
        return text

    @intersect_message(
        response_data_transfer_handler=IntersectDataHandler.MINIO,
        response_content_type='application/octet-stream',
    )
    def picture(self, _name: str) -> bytes:
        return image


if __name__ == '__main__':
    config = IntersectServiceConfig(
        hierarchy=HierarchyConfig(**settings['hierarchy']), brokers=[broker], data_stores={'minio': [data_store]}
    )
    service = IntersectService([Bench()], config)
    let_threads_write()
    end_with_standard_input()
    default_intersect_lifecycle_loop(service, post_startup_callback=lambda: tell(ready=True))
