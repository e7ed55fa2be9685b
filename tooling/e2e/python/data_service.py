"""A service of the Python SDK whose answers and events travel by reference, in JSON and in bytes.

It says READY on its standard output when it is started.
"""

from intersect_sdk import (
    IntersectBaseCapabilityImplementation,
    IntersectDataHandler,
    IntersectEventDefinition,
    intersect_message,
)
from serving import serve


class Camera(IntersectBaseCapabilityImplementation):
    intersect_sdk_capability_name = 'Camera'
    intersect_sdk_events = {
        'described': IntersectEventDefinition(event_type=str, data_handler=IntersectDataHandler.MINIO),
        'taken': IntersectEventDefinition(
            event_type=bytes, content_type='image/png', data_handler=IntersectDataHandler.MINIO
        ),
    }

    @intersect_message(response_data_transfer_handler=IntersectDataHandler.MINIO)
    def upper(self, text: str) -> str:
        return text.upper()

    @intersect_message(
        request_content_type='image/png',
        response_content_type='image/png',
        response_data_transfer_handler=IntersectDataHandler.MINIO,
    )
    def reverse(self, data: bytes) -> bytes:
        return data[::-1]

    @intersect_message()
    def size(self, text: str) -> int:
        return len(text)

    @intersect_message()
    def emit(self, size: int) -> None:
        self.intersect_sdk_emit_event('described', 'x' * size)
        self.intersect_sdk_emit_event('taken', bytes(255 - index % 256 for index in range(size)))


if __name__ == '__main__':
    serve(Camera())
