"""The sandbox as tests need it: with a log of every request, faults on demand, and a clock that they set.

    with Sandbox(seconds=(4, 20)) as sandbox:
        sandbox.faults.add(Fault.answer(503), method="POST")
        ...  # use sandbox.url and sandbox.token
        assert len(sandbox.submitted) == 1

faults    what can go wrong with a request
plan      which request it goes wrong with
wire      one request and its answer, down to the bytes
origin    an application on a port, with a log of its requests and with faults
jobs      the service as it might be, too: other pages, other bodies, a list that does not show every job
sandbox   all of it together
"""

from sandbox import FAIL, TOKEN, Job
from sandbox.webhooks import Delivery

from .faults import Fault
from .jobs import Options, delayed, hidden, truncated
from .origin import Origin
from .plan import Faults, Request
from .sandbox import Sandbox

__all__ = [
    "FAIL",
    "TOKEN",
    "Delivery",
    "Fault",
    "Faults",
    "Job",
    "Options",
    "Origin",
    "Request",
    "Sandbox",
    "delayed",
    "hidden",
    "truncated",
]
