"""The benchmark, `python -m benchmark`; `peers` and `server` run in processes of their own."""
