"""
Systematic reviews from export to PRISMA 2020, as files in and files out.

A review is a handful of tables. A stage is a function from tables to a
table, prints nothing and opens nothing; ``cli`` reads files, calls one
stage and writes files. The rooms are called as the sections of a methods
chapter, each resting on those below it only:

- ``cli``: a file per command
- ``render``: a file per format that is written
- ``paper``: ``citations``, ``sheets`` (a file per table), ``figures``, ``report``, ``rounds``,
  ``checklist``; ``trail`` (a record's life), ``telling`` (in words), ``missed``, ``standing``
- ``flow``: tables to PRISMA's counts, and the proof that they add up
- ``agreement``: ``coefficients``, ``alpha``, ``intervals`` (the formulas); ``independence`` (which votes),
  ``tallies``, ``measure`` (votes to statistics); ``machines`` (on trial), ``judgements`` (of other things)
- ``synthesis``: ``extraction``; ``instrument``, ``appraisal``; ``codings``, ``themes``
- ``screening``: ``screeners`` (one per tool; ``grids``, ``columns``: people's sheets), ``lookup``,
  ``finding``, ``naming``, ``meanings``, ``repeats``, ``decisions``, ``mappings``, ``people``, ``votes``,
  ``checks``, ``ballots`` (equal votes are judged once), ``outcomes``
- ``duplicates``: ``normalise``, ``blocking``, ``similarity``, ``engines`` (to compare), ``rules``,
  ``judging``, ``lessons``, ``overrides``, ``clusters``, ``keeping``, ``listing``, ``questions``, ``rounds``,
  ``seeking`` (known papers)
- ``imports``: ``formats`` (a file per export format; ``writers`` of some), ``records``, ``exports``
- ``review``: which tables a folder has, where each lies
- ``protocol``, ``tables``
- ``values``: a file per kind of value: ``identifiers``, ``years``, ``pages``, ``names``, ``folding``
- ``workers``, ``errors``

Where does a line belong? A path or an option: ``cli``. How a file's bytes
become rows, and rows bytes: ``tables``. Which columns and values are legal:
``tables.schema``. What a DOI is, or a year, or a blank: ``values``. A foreign
tag (``AU``, ``LID``): that format. Records made comparable: ``normalise``.
Two texts to a number: ``similarity``. Which number is enough: the rules.
Tables to a table: the stage named for what comes out. Arrangement or wording:
a sheet, a figure or a template. Bytes of a format: ``render``. If it fits
two of these it is two lines.
"""

__version__ = "0.1.0"
