"""Data into a store and out of it by the data plane of the Python SDK, which deletes what it reads."""

import json
import sys
import time

from intersect_sdk_common.config import DataStoreConfig, HierarchyConfig
from intersect_sdk_common.data_plane.minio_utils import create_minio_store, get_minio_object, send_minio_object
from python_support import data_store, settings, tell

if __name__ == '__main__':
    store = create_minio_store(DataStoreConfig(**data_store))
    hierarchy = HierarchyConfig(**settings['hierarchy'])
    data = b''
    tell(ready=True)
    for line in sys.stdin:
        load = json.loads(line)
        if len(data) != load['bytes']:
            data = b'\x07' * load['bytes']
        trips = 0
        begin = time.perf_counter()
        while trips == 0 or time.perf_counter() - begin < load['durationMs'] / 1000:
            pointer = send_minio_object(data, store, 'application/octet-stream', hierarchy)
            if len(get_minio_object(store, pointer)) != len(data):
                raise RuntimeError('Not all came back.')
            trips += 1
        tell(result=trips * len(data) / 2**20 / (time.perf_counter() - begin))
