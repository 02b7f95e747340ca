"""The project's own measurements, one command each; README.md beside this file says what each one measures.

python -m bench.extraction      is the right text kept, by set, page type and language, beside the peers
python -m bench.laws            do the laws hold on every page of the development data
python -m bench.speed           where the time goes, and the memory
python -m bench.gate            has any of it fallen below the floors in baseline.json

data.py     the development data as samples; pool.py  work spread over processes
scoring.py  precision, recall and F1 of a text; standings.py  the same by set, page type and language
extractors.py  whose text is scored; peers.py  the programs of others; memory.py  the peak of each in its own process
clock.py    processor time, side by side; report.py  tables and versions; baseline.py  the floors
"""
