import names from '../fixtures/python-names.json' with { type: 'json' };

/** The public names of the Python SDK and the members of its classes, as `python/public_names.py` prints them. */
export const pythonNames: readonly string[] = names;
