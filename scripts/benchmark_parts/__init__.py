"""The parts of `scripts/benchmark.py`.

In the benchmark's own process:

measures      what is timed, against what, and the figures to reach
growth        the same job in ten sizes, a process for each
environments  the folders below .bench/ that the peers are installed in
processes     children: which core they run on, what they print
table         from seconds to ratios to Markdown

In processes of their own:

server        answers like the API, as fast as Python can
bodies        what it answers
peers         one adapter for each peer and measure
worker        runs an adapter whenever it is told to
jobs          what is done for 10 jobs and for 10,000
"""
