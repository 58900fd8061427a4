"""Command line of the sandbox."""

import argparse
import logging
import signal
import sys

from sandbox import FAIL, TOKEN, Examples, Options, Sandbox
from sandbox.facts import TITLE
from sandbox.failing import PATH
from sandbox.service import DOCUMENT
from spec import Document, SpecError, load
from spec.names import variable
from spec.security import security

FAILURES = """\
To make the next requests fail, from any language:

  curl -X POST "{url}{path}?status=503&times=2"              the next two requests get a 503
  curl -X POST "{url}{path}?status=429&retry_after=2"        the next one a 429 with Retry-After: 2
  curl -X POST "{url}{path}?status=500&method=DELETE"        the next DELETE a 500
"""
USE = """\
The sandbox runs until Ctrl-C, and costs nothing. To use it from another shell:

{exports}
"""
IMITATION = f"""\
A job with {FAIL} in its prompt fails, and one takes {{:g}} to {{:g}} seconds: --seconds MIN MAX changes that.
Webhooks are delivered to this machine only, in the three documented shapes in turn.
"""
EXAMPLES = "Every operation answers with the examples of openapi.yaml.\n"
ENDS = {signal.SIGINT, signal.SIGTERM}


def main() -> None:
    """Run the command line."""
    arguments = parse_arguments()
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    logging.getLogger("sandbox").setLevel(logging.INFO)
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)  # left pending for `sigwait`
    try:
        document = load(DOCUMENT)
        imitated = document.raw["info"]["title"] == TITLE
        with serve(arguments, imitated=imitated) as sandbox:
            say(sandbox, document)
            print(IMITATION.format(*arguments.seconds) if imitated else EXAMPLES, flush=True)
            signal.sigwait(ENDS)
            if isinstance(sandbox, Sandbox):
                print(f"{len(sandbox.submitted)} jobs with {sandbox.paid_images} images were submitted at no cost.")
    except (OSError, OverflowError) as error:
        sys.exit(f"error: port {arguments.port} cannot be used: {getattr(error, 'strerror', error)}")
    except SpecError as error:
        sys.exit(f"error: {error}")


def serve(arguments: argparse.Namespace, *, imitated: bool) -> Sandbox | Examples:
    """Make the sandbox: the imitation of an API, or the examples of its document."""
    if not imitated:
        return Examples(port=arguments.port)
    shortest, longest = arguments.seconds
    return Sandbox(port=arguments.port, options=Options(seconds=(shortest, longest)))


def say(sandbox: Sandbox | Examples, document: Document) -> None:
    """Say how to use the sandbox."""
    exports = {variable(document, "BASE_URL"): sandbox.url}
    if proof := security(document, variable(document, "API_KEY")):
        exports[proof.env] = TOKEN
    print(USE.format(exports="\n".join(f"  export {name}={value}" for name, value in exports.items())))
    print(FAILURES.format(url=sandbox.api.url, path=PATH))


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="make sandbox",
        usage='make sandbox [ARGS="--port N --seconds MIN MAX"]',
        description="Serve the API on loopback, from openapi.yaml, until Ctrl-C.",
        epilog=FAILURES.format(url="http://127.0.0.1:PORT", path=PATH),
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
        help="duration of a job of the imitation (default: 2 5)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
