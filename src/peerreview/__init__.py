"""
Systematic reviews from export to PRISMA 2020, as files in and files out.

A review is a handful of tables. A stage is a function from tables to a
table, prints nothing and opens nothing; ``cli`` reads files, calls one
stage and writes files. In the order of a review:

- records: ``formats`` (a file per export format) → ``records``
- duplicates: ``normalise``, ``blocking``, ``similarity`` → ``dedupe``; ``explanation``, ``overlap``
- votes: ``screeners`` (a file per tool), ``lookup`` → ``decisions``, ``votes``
- outcomes: ``screening``, ``resolutions``, ``progress``; ``coefficients`` → ``agreement``
- studies: ``extraction``; ``instrument`` → ``appraisal``; ``codings`` → ``themes``
- counts: ``flow``, and the proof that they add up
- paper: ``citations``, ``sheets`` (a file per table), ``figures`` → ``report``, ``checklist``
- files: ``render`` (a file per format written), ``files``; below all ``protocol``, ``tables``, ``errors``

Where does a line belong? A path or an option: ``cli``. A foreign tag: that
format. Which columns and values are legal: ``tables``. Text to comparable
text: ``normalise``. Two texts to a number: ``similarity``. Which number is
enough: ``rules``. Arrangement or wording: ``sheets``, ``figures``, or a
template. Tables to a table: the stage named for what comes out.
"""

__version__ = "0.1.0"
