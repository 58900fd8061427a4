# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the package was made from."""

__build__: dict[str, str] = {
    "document": "982c4ae90f498bf4c1b075d77706da0aa9cef97a5e8d91970d01fcc1c8656226",
    "generator": "openapi-python-client 0.29.1",
    "templates": "08f13a1629b4c9b7c83f1f33f68d4722641d9522bd9f5f62917fe5e812a97b73",
}
"""The SHA-256 of the document and of the templates, and the version of the generator."""
