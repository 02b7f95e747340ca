"""What a worker needs, loaded by importing this module: the stages, and all tables and models that they read when they
are first asked.

Workers are forked off a process that has imported it (multiprocessing's fork server, which imports modules and has no
other hook). So they begin at once, and hold what is loaded in common.
"""

from __future__ import annotations

import gc
from typing import Final

from archiver.model import Capture, Options
from archiver.run.cleaning import clean_guarded

# A page and a dump, with letters that only the tables of charsets and of fluency tell: Cyrillic, Chinese characters.
_MARKUP: Final = "<title>Чай</title><p>Вода кипит при ста градусах на уровне моря.</p>"
_DUMP: Final = "茶\n\n水在海平面的沸點是攝氏一百度。\n"

# While so much is made that stays, the collector of cycles looks at it again and again for nothing.
gc.disable()
for _page in (_MARKUP.encode("utf-8"), _MARKUP.encode("koi8-r"), _DUMP.encode("utf-8"), _DUMP.encode("big5")):
    # Guarded: what fails here fails again for each capture, whose record tells of it.
    clean_guarded(Capture(_page), Options())
gc.collect()
gc.enable()
# It stays as long as the process: the collector of cycles need not look at its 100,000 objects again (63 ms each
# time), nor write to memory that workers share.
gc.freeze()
