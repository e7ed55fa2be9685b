"""How the services of this folder run that do nothing but answer."""

from intersect_sdk import (
    HierarchyConfig,
    IntersectBaseCapabilityImplementation,
    IntersectService,
    IntersectServiceConfig,
    default_intersect_lifecycle_loop,
)
from peer import arguments, broker_of, data_stores, end_with_standard_input, let_threads_write, tell


def hierarchy_of(service: str) -> HierarchyConfig:
    return HierarchyConfig(
        organization='interop-org', facility='interop-fac', system='interop-sys', service=service
    )


def serve(capability: IntersectBaseCapabilityImplementation) -> None:
    """Runs it as the service and at the broker that the arguments name, until standard input ends. Says READY once it is started."""
    args = arguments('service')
    config = IntersectServiceConfig(
        hierarchy=hierarchy_of(args.service), brokers=[broker_of(args)], data_stores=data_stores()
    )
    let_threads_write()
    end_with_standard_input()
    default_intersect_lifecycle_loop(
        IntersectService([capability], config), post_startup_callback=lambda: tell('READY')
    )
