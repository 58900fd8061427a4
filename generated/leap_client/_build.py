# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the package was made from."""

__build__: dict[str, str] = {
    "document": "982c4ae90f498bf4c1b075d77706da0aa9cef97a5e8d91970d01fcc1c8656226",
    "generator": "openapi-python-client 0.29.1",
    "templates": "0397f6bfd27889fe0e21260ea12698484ebdd1c45188100010b4cf2a24c6fd41",
}
"""The SHA-256 of the document and of the templates, and the version of the generator."""
