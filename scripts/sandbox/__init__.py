"""The API on loopback, served from openapi.yaml: no key, no money, no network.

`python -m sandbox` prints an address and a token and runs until Ctrl-C. In a program:

    with Sandbox(options=Options(seconds=(4, 20))) as sandbox:
        ...  # use sandbox.url and sandbox.token

`facts`, `bodies`, `images`, `jobs` and `webhooks` imitate Leap. `Examples` serves any other API by its document alone;
only its refusals are Leap's, see `error_body` in `api`.
"""

import warnings

with warnings.catch_warnings():
    # connexion imports Starlette's test client, which warns about httpx and is not used here. And it resolves
    # references in a way that jsonschema has deprecated.
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient`")
    warnings.filterwarnings("ignore", message=r"jsonschema\.", category=DeprecationWarning)
    import connexion as connexion

from .api import TOKEN
from .bodies import Job
from .jobs import FAIL, Options
from .service import Examples, Sandbox

__all__ = ["FAIL", "TOKEN", "Examples", "Job", "Options", "Sandbox"]
