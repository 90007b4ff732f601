"""
Systematic reviews from export to PRISMA 2020, as files in and files out.

A review is a handful of tables. A stage is a function from tables to a
table, prints nothing and opens nothing; ``cli`` reads files, calls one
stage and writes files. The rooms are called as the sections of a methods
chapter, each resting on those below it only:

- ``cli``: a file per command
- ``render``: a file per format that is written
- ``paper``: ``citations``, ``sheets`` (a file per table), ``figures``, ``report``, ``checklist``
- ``flow``: tables to PRISMA's counts, and the proof that they add up
- ``agreement``: ``coefficients`` (the formulas), ``measure`` (votes to statistics)
- ``synthesis``: ``extraction``; ``instrument``, ``appraisal``; ``codings``, ``themes``
- ``screening``: ``screeners`` (a file per tool), ``lookup``, ``decisions``; ``votes``, ``outcomes``
- ``duplicates``: ``normalise``, ``blocking``, ``similarity``, ``rules``, ``judging``, ``lessons``,
  ``overrides``, ``clusters``, ``keeping``, ``listing``, ``rounds``
- ``imports``: ``formats`` (a file per export format), ``records``
- ``protocol``, ``tables``, ``workers``, ``errors``

Where does a line belong? A path or an option: ``cli``. How a file's bytes
become rows, and rows bytes: ``tables``. Which columns and values are legal:
``tables.schema``. A foreign tag (``AU``, ``LID``): that format. Text to
comparable text: ``normalise``. Two texts to a number: ``similarity``. Which
number is enough: the rules. Tables to a table: the stage named for what
comes out. Arrangement or wording: a sheet, a figure or a template. Bytes of
a format: ``render``. If it fits two of these it is two lines.
"""

__version__ = "0.1.0"
