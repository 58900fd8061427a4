# Generated from openapi.yaml by `make generate`. Do not edit.
"""What the package was made from."""

__build__: dict[str, str] = {
    "document": "f7138305f53bfec054558f565d9ed289fe25e8a898bdbc69bd42962c9d22c3a6",
    "generator": "openapi-python-client 0.29.1",
    "templates": "18135a16e44176427245fcafce084dc13c0c4f2983f9891fadd77cfd62fb1c80",
}
"""The SHA-256 of the document and of the templates, and the version of the generator."""
