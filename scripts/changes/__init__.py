"""Report what the working tree changes since a revision, for code that uses the package and on the wire.

python   what changes for code that uses the package, by way of
surface    what of a package its users can name
wire     what changes between clients and the service, by way of
objects    two versions of a document side by side
schemas    what a change of a schema means for requests and for answers
change   one change, as it is reported
"""
