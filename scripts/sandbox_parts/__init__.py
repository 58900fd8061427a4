"""The parts of `scripts/sandbox.py`, which alone imports them.

spec      what is read from openapi.yaml
options   how the sandbox behaves where more than one behaviour is possible
jobs      the service itself: jobs, and what can be done with them
bodies    how the API describes a job, in three ways
api       the service behind openapi.yaml, by connexion
images    the origin of the image files
webhooks  the deliveries when jobs end
faults    what can go wrong with a request
plan      which request it goes wrong with
wire      one request and its answer, down to the bytes
origin    an application on a port of its own
"""

import warnings

with warnings.catch_warnings():
    # connexion imports starlette's test client, which warns that it would rather have another HTTP library than httpx;
    # the sandbox does not use it. And connexion resolves references in a way that jsonschema has given up.
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient`")
    warnings.filterwarnings("ignore", message=r"jsonschema\.", category=DeprecationWarning)
    import connexion as connexion
