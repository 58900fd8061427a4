# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the package was made from."""

__build__: dict[str, str] = {
    "document": "f7138305f53bfec054558f565d9ed289fe25e8a898bdbc69bd42962c9d22c3a6",
    "generator": "openapi-python-client 0.29.1",
    "templates": "c7f06303f6766f214de4e92757881acd9619750b8daea7e92ff7c04c52291f1b",
}
"""The SHA-256 of the document and of the templates, and the version of the generator."""
