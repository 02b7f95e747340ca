"""`python -m archiver.cli`: the program where its script is not on the path."""

import sys

from archiver.cli import main

sys.exit(main())
