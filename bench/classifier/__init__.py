"""python -m bench.classifier: the content classifier in the making, cross-validated beside the rules.

It will take the place of `archiver.labels.content` when it is better than the rules on every set and as steady: a
widget that is planted on a page and known by a rule must change nothing else. So it sees only what the rules left open.

    alignment.py  reference text -> which blocks are content
    pages.py      the development pages as numbers
    features/     what the classifier sees of a block
    forest.py     its trees: scored with whole numbers, read from and written to a text file
    training.py   trees from pages; the cross-validation by site
"""
