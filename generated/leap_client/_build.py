# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the package was made from."""

__build__: dict[str, str] = {
    "document": "982c4ae90f498bf4c1b075d77706da0aa9cef97a5e8d91970d01fcc1c8656226",
    "generator": "openapi-python-client 0.29.1",
    "templates": "d7e2a8aa6f1257a47ecc9ca8a4d8aef2cebd68987003fc466f0ff60a3caa6e0f",
}
"""The SHA-256 of the document and of the templates, and the version of the generator."""
