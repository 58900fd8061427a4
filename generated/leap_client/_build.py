# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the package was made from."""

__build__: dict[str, str] = {
    "document": "982c4ae90f498bf4c1b075d77706da0aa9cef97a5e8d91970d01fcc1c8656226",
    "generator": "openapi-python-client 0.29.1",
    "templates": "4f2530f19f709cdd7b8bc2b718eb4e9bbb30963a0589389227106ba688187b05",
}
"""The SHA-256 of the document and of the templates, and the version of the generator."""
