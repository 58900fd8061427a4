"""What every generated package has in common, whatever its document says.

`scripts/generate.py` copies these modules into the package, apart from this one and `_spec`, whose places are taken by
what the document says. Two names change on the way: `ServiceError`, and `service-client`, the name of the distribution.
"""
