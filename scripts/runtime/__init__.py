"""What every generated package has in common, whatever its document says.

`scripts/generate.py` copies these modules into the package, this one and `_spec` apart: their place is taken by what the
document says. Two names change on the way: `ServiceError`, and `service-client` for the distribution.
"""
