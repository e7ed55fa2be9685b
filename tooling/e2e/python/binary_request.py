"""Sends bytes to an operation and writes what comes back.

The client of the Python SDK 0.9.3 refuses to send anything but JSON, by a mistake in its code; so this uses the layer
below it, which carries the messages of the client and the service alike.
"""

import time
import uuid

from intersect_sdk_common.config import ControlPlaneConfig
from intersect_sdk_common.control_plane.control_plane_manager import ControlPlaneManager
from intersect_sdk_common.control_plane.messages.userspace import create_userspace_message_headers
from intersect_sdk_common.core_definitions import IntersectDataHandler
from peer import arguments, broker_of, end_with_standard_input, tell

if __name__ == '__main__':
    args = arguments('destination', 'operation', 'content-type', 'hex')
    name = f'tmp-{uuid.uuid4()}'
    manager = ControlPlaneManager([ControlPlaneConfig(**broker_of(args))])
    manager.add_subscription_channel(
        f'tmp-/tmp-/tmp-/-/{name}/response',
        {
            lambda payload, content_type, headers: tell(
                headers['has_error'], content_type, payload, headers['source'], headers['operation_id']
            )
        },
        persist=False,
        queue_name=name,
    )
    end_with_standard_input()
    manager.connect()
    # As the SDK's client does: nothing tells when the subscription is there.
    time.sleep(1)
    manager.publish_message(
        f'{args.destination.replace(".", "/")}/request',
        bytes.fromhex(args.hex),
        args.content_type,
        create_userspace_message_headers(
            source=f'tmp-.tmp-.tmp-.-.{name}',
            destination=args.destination,
            operation_id=args.operation,
            data_handler=IntersectDataHandler.MESSAGE,
            campaign_id=uuid.uuid4(),
            request_id=uuid.uuid4(),
        ),
        persist=False,
    )
    while True:
        time.sleep(60)
