# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the package was made from."""

__build__: dict[str, str] = {
    "document": "f7138305f53bfec054558f565d9ed289fe25e8a898bdbc69bd42962c9d22c3a6",
    "generator": "openapi-python-client 0.29.1",
    "templates": "e31e9628ec9a16ed89b2beb92ed408c0bb9b3f79c6a81613d599d3a00b3a2710",
}
"""The SHA-256 of the document and of the templates, and the version of the generator."""
