"""The data dictionary: every column of the base, said from the models (docs/data-dictionary.md).

``personal`` says which columns tell of a person, ``keeping`` how long each table is kept, ``page``
draws. A column that holds text and of which nobody said whether it is personal stops the command.
"""
