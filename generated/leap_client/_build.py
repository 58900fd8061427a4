# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the package was made from."""

__build__: dict[str, str] = {
    "document": "982c4ae90f498bf4c1b075d77706da0aa9cef97a5e8d91970d01fcc1c8656226",
    "generator": "openapi-python-client 0.29.1",
    "templates": "53cee48053c4a614c6c3672e666c336cd10f0d71c996a6f3ff6b6ac94a151328",
}
"""The SHA-256 of the document and of the templates, and the version of the generator."""
