"""Command line of the sandbox."""

import argparse
import logging
import signal
import sys

from sandbox import FAIL, TOKEN, Options, Sandbox
from sandbox.failing import PATH
from spec import SpecError

FAILURES = f"""\
A job with {FAIL} in its prompt fails. To make the next requests fail, from any language:

  curl -X POST "$LEAP_BASE_URL{PATH}?status=503&times=2"              the next two requests get a 503
  curl -X POST "$LEAP_BASE_URL{PATH}?status=429&retry_after=2"        the next one a 429 with Retry-After: 2
  curl -X POST "$LEAP_BASE_URL{PATH}?status=500&method=DELETE"        the next DELETE a 500

Webhooks are delivered to this machine only, in the three documented shapes in turn.
"""
INSTRUCTIONS = """\
The sandbox runs until Ctrl-C, and costs nothing. To use it from another shell:

  export LEAP_BASE_URL={url}
  export LEAP_API_KEY={token}

A job takes {shortest:g} to {longest:g} seconds; change that with --seconds MIN MAX. Fix the port with --port N.
"""
ENDS = {signal.SIGINT, signal.SIGTERM}


def main() -> None:
    """Run the command line."""
    arguments = parse_arguments()
    shortest, longest = arguments.seconds
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    logging.getLogger("sandbox").setLevel(logging.INFO)
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)  # left pending for `sigwait`
    try:
        with Sandbox(port=arguments.port, options=Options(seconds=(shortest, longest))) as sandbox:
            how = INSTRUCTIONS.format(url=sandbox.url, token=TOKEN, shortest=shortest, longest=longest)
            print(how, FAILURES, sep="\n", flush=True)
            signal.sigwait(ENDS)
            print(f"{len(sandbox.submitted)} jobs with {sandbox.paid_images} images were submitted, for nothing.")
    except (OSError, OverflowError) as error:
        sys.exit(f"error: port {arguments.port} cannot be used: {getattr(error, 'strerror', error)}")
    except SpecError as error:
        sys.exit(f"error: {error}")


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="make sandbox",
        usage='make sandbox [ARGS="--port N --seconds MIN MAX"]',
        description="Serve the API on loopback, from openapi.yaml, until Ctrl-C.",
        epilog=FAILURES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--port", type=int, default=0, metavar="N", help="port of the API (default: any free one)")
    add(
        "--seconds",
        type=float,
        nargs=2,
        default=(2, 5),
        metavar=("MIN", "MAX"),
        help="duration of a job (default: 2 5)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
