"""The benchmark, `python -m benchmark`; `peers`, `server` and `growth` run in processes of their own."""
