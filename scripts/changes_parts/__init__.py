"""The parts of `scripts/changes.py`, which alone imports them.

change      one change, as it is reported
surface     what of a package its users can name
python      what changes for code that uses the package
wire        what changes between clients and the service, with
documents     two versions of a document side by side
labels        what its places are called
operations    its operations
schemas       its schemas
leftovers     all that the others do not compare
"""
