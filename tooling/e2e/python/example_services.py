"""The services of all examples at two brokers, until its standard input ends. It says READY when all are started."""

import sys
from concurrent.futures import ThreadPoolExecutor

from counting_example import HIERARCHY as COUNTING
from counting_example import CountingService
from hello_example import HIERARCHY as HELLO
from hello_example import HelloService
from intersect_sdk import IntersectService, IntersectServiceConfig
from peer import arguments, brokers_of, tell
from ping_pong_example import PingService, PongService, hierarchy_of


def start_all(broker) -> list[IntersectService]:
    services = []
    for capability, hierarchy in (
        (HelloService(), HELLO),
        (CountingService(), COUNTING),
        (PingService(), hierarchy_of('ping')),
        (PongService(), hierarchy_of('pong')),
    ):
        service = IntersectService([capability], IntersectServiceConfig(hierarchy=hierarchy, brokers=[broker]))
        service.startup()
        if isinstance(capability, PingService):
            capability.after_startup()
        services.append(service)
    return services


if __name__ == '__main__':
    services = [service for broker in brokers_of(arguments('also')) for service in start_all(broker)]
    tell('READY')
    sys.stdin.read()
    with ThreadPoolExecutor() as pool:
        for service in services:
            pool.submit(service.shutdown)
