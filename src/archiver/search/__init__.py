"""Words to search by: what a text is taken apart into, what is asked for, and where in the text it stands.

words.py        text -> its words, spelled as they are compared
expressions.py  what a person asks for -> the phrases that a text must have
snippets.py     text and phrases -> the piece of it that shows one

Nothing here knows of records or files.
"""
