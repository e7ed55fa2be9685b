"""A service of the Python SDK whose answer is a list, or takes its time.

It says READY on its standard output when it is started.
"""

import time

from intersect_sdk import IntersectBaseCapabilityImplementation, intersect_message
from peer import tell
from serving import serve


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
    serve(Scanner())
