"""A service of the Python SDK whose answer is a list, or takes its time.

It says READY on its standard output when it is started.
"""

import time

from intersect_sdk import (
    HierarchyConfig,
    IntersectBaseCapabilityImplementation,
    IntersectService,
    IntersectServiceConfig,
    default_intersect_lifecycle_loop,
    intersect_message,
)
from peer import arguments, broker_of, end_with_standard_input, let_threads_write, tell


class Scanner(IntersectBaseCapabilityImplementation):
    intersect_sdk_capability_name = 'Scanner'

    @intersect_message()
    def scan(self, points: int) -> list[int]:
        return list(range(points))

    @intersect_message()
    def rest(self, seconds: float) -> str:
        tell('RESTING')
        time.sleep(seconds)
        return 'rested'


if __name__ == '__main__':
    args = arguments('service')
    config = IntersectServiceConfig(
        hierarchy=HierarchyConfig(
            organization='interop-org', facility='interop-fac', system='interop-sys', service=args.service
        ),
        brokers=[broker_of(args)],
    )
    let_threads_write()
    end_with_standard_input()
    default_intersect_lifecycle_loop(
        IntersectService([Scanner()], config),
        post_startup_callback=lambda: tell('READY'),
    )
