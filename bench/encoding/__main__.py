"""python -m bench.encoding: the charsets and then the mojibake, each with its own command's defaults."""

import sys

from bench.encoding import charsets, mojibake

if __name__ == "__main__":
    sys.exit(charsets.main([]) or mojibake.main([]))
