# Generated from openapi.yaml by `make generate`. Do not edit.
"""One package for each part of the API, and one module for each of its operations."""
