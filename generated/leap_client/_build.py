# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the package was made from."""

__build__: dict[str, str] = {
    "document": "982c4ae90f498bf4c1b075d77706da0aa9cef97a5e8d91970d01fcc1c8656226",
    "generator": "openapi-python-client 0.29.1",
    "templates": "91c7a88a037847061a4b22fc86be66142d71a8aa77054463bd12c7f6c4780cdb",
}
"""The SHA-256 of the document and of the templates, and the version of the generator."""
