# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the runtime knows of the api."""

VERSION: str = "0.1.0"

SERVER_URL: str = "https://api.tryleap.ai"
SERVER_VARIABLE: str = "LEAP_BASE_URL"
# What the paths of the operations begin with.
PATHS_BEGIN: tuple[str, ...] = ("/api/v1/images/models",)

# All three are empty if the API asks for no token.
TOKEN_HEADER: str = "Authorization"
TOKEN_PREFIX: str = "Bearer "
TOKEN_VARIABLE: str = "LEAP_API_KEY"

# Set to info or debug, it has the client log.
LOG_VARIABLE: str = "LEAP_LOG"
