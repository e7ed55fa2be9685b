"""Sends bytes to an operation and writes what comes back.

The client of the Python SDK 0.9.3 refuses to send anything but JSON, by a mistake in its code; so this uses the layer
below it, which carries the messages of the client and the service alike. Where there is a data store, the bytes go by
reference.
"""

import time
import uuid

from intersect_sdk_common.config import ControlPlaneConfig, DataStoreConfigMap, HierarchyConfig
from intersect_sdk_common.control_plane.control_plane_manager import ControlPlaneManager
from intersect_sdk_common.control_plane.messages.userspace import create_userspace_message_headers
from intersect_sdk_common.core_definitions import IntersectDataHandler
from intersect_sdk_common.data_plane.data_plane_manager import DataPlaneManager
from pydantic import TypeAdapter
from peer import arguments, broker_of, data_stores, end_with_standard_input, tell

if __name__ == '__main__':
    args = arguments('destination', 'operation', 'content-type', 'hex')
    name = f'tmp-{uuid.uuid4()}'
    hierarchy = HierarchyConfig(organization='tmp-', facility='tmp-', system='tmp-', service=name)
    stores = TypeAdapter(DataStoreConfigMap).validate_python(data_stores())
    handler = IntersectDataHandler.MINIO if stores.minio else IntersectDataHandler.MESSAGE
    data_plane = DataPlaneManager(hierarchy, stores)
    manager = ControlPlaneManager([ControlPlaneConfig(**broker_of(args))])

    def on_answer(payload: bytes, content_type: str, headers: dict[str, str]) -> None:
        answered_by = IntersectDataHandler(headers['data_handler'])
        data = data_plane.incoming_message_data_handler(payload, answered_by)
        tell(headers['has_error'], content_type, data, headers['source'], headers['operation_id'])

    manager.add_subscription_channel(
        f'tmp-/tmp-/tmp-/-/{name}/response',
        {on_answer},
        persist=False,
        queue_name=name,
    )
    end_with_standard_input()
    manager.connect()
    # As the SDK's client does: nothing tells when the subscription is there.
    time.sleep(1)
    manager.publish_message(
        f'{args.destination.replace(".", "/")}/request',
        data_plane.outgoing_message_data_handler(bytes.fromhex(args.hex), args.content_type, handler),
        args.content_type,
        create_userspace_message_headers(
            source=f'tmp-.tmp-.tmp-.-.{name}',
            destination=args.destination,
            operation_id=args.operation,
            data_handler=handler,
            campaign_id=uuid.uuid4(),
            request_id=uuid.uuid4(),
        ),
        persist=False,
    )
    while True:
        time.sleep(60)
