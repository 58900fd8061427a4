# Generated from openapi.yaml by `make generate`. Do not edit.
"""The parts of the API, as the clients offer them."""
