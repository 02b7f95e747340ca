"""How likely a text is: its cost in quarters of a bit, by what letters follow one another in the likeliest language.

    costs.py        a text -> its cost
    alphabets.py    for alphabets, the cost of each letter after each, by language (`tables/fluency-letters.tsv`)
    signs.py        for Chinese characters, kana and Hangul, the cost of each, by language (`tables/fluency-signs.tsv`)
    characters.py   what each character is; the cost of all that is no letter

Of two readings of the same bytes the one that costs less is the likelier. A text is taken to be in one language a
script: that which makes it cheapest. A leaf: any stage may import it. Costs are whole numbers, so that they are the
same on any machine.
"""

from archiver.fluency.alphabets import letter_languages, letter_pairs
from archiver.fluency.characters import describe, is_out_of_place, ordinary_characters
from archiver.fluency.costs import BIT, cost_of

__all__ = ["BIT", "cost_of", "describe", "is_out_of_place", "letter_languages", "letter_pairs", "ordinary_characters"]
