"""Prints the public names of the installed Python SDK, with the members of its classes, as a sorted JSON list."""

import inspect
import json

import intersect_sdk


def members(cls):
    own = [c for c in cls.__mro__ if c.__module__.startswith('intersect_sdk')]
    names = {n for c in own for n in [*vars(c), *getattr(c, '__annotations__', {})]}
    return {n for n in names if not n.startswith('_') and n != 'model_config'}


names = set()
for name in intersect_sdk.__all__:
    names.add(name)
    value = getattr(intersect_sdk, name)
    if inspect.isclass(value):
        names.update(f'{name}.{member}' for member in members(value))
print(json.dumps(sorted(names), indent=2))
