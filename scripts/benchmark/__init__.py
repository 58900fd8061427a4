"""The benchmark, `python -m benchmark`; the server, imports and first calls run in processes of their own."""
