"""The data plane of the Python SDK, by itself: reads one order from standard input, writes the result to standard output."""

import base64
import json
import sys

from intersect_sdk_common.config import DataStoreConfig, HierarchyConfig
from intersect_sdk_common.data_plane.minio_utils import create_minio_store, get_minio_object, send_minio_object

order = json.load(sys.stdin)
store = create_minio_store(DataStoreConfig(**order['store']))
if order['do'] == 'put':
    data = base64.b64decode(order['data'])
    result = send_minio_object(data, store, order['content_type'], HierarchyConfig(**order['hierarchy']))
else:
    result = base64.b64encode(get_minio_object(store, order['pointer'])).decode()
json.dump(result, sys.stdout)
