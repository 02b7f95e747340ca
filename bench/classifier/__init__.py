"""python -m bench.classifier: trains the content classifier (`archiver.labels.looks`), and cross-validates it by site.

alignment.py  reference text -> which blocks are content
pages.py      the development pages as numbers
texts.py      the same pages as several renderers print them
examples.py   what is learned from, and how much each block counts
networks.py   a network from examples
forests.py    a forest from examples
training.py   both looks together; the cross-validation
"""
