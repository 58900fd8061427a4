"""What the runtime knows of the document; in a package, the rendered `_spec` takes the place of this stand-in."""

VERSION: str = "0.0.0"

SERVER_URL: str = "https://api.service.example"
SERVER_VARIABLE: str = "SERVICE_BASE_URL"
# What the paths of the operations begin with.
PATHS_BEGIN: tuple[str, ...] = ("/v1/things",)

# All three are empty if the API asks for no token.
TOKEN_HEADER: str = "Authorization"  # noqa: S105 - the name of a header
TOKEN_PREFIX: str = "Bearer "  # noqa: S105 - what precedes a token
TOKEN_VARIABLE: str = "SERVICE_API_KEY"  # noqa: S105 - the name of a variable

# Set to info or debug, it has the client log.
LOG_VARIABLE: str = "SERVICE_LOG"
