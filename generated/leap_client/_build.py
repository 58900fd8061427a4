# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the package was made from."""

__build__: dict[str, str] = {
    "document": "982c4ae90f498bf4c1b075d77706da0aa9cef97a5e8d91970d01fcc1c8656226",
    "generator": "openapi-python-client 0.29.1",
    "templates": "548e0d4f36e9994980fda9f8b862f97ea8bc6c91e58d7752ab4fc33180a0afa9",
}
"""The SHA-256 of the document and of the templates, and the version of the generator."""
