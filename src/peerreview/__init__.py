"""Systematic reviews from export to PRISMA 2020, as files in and files out."""

__version__ = "0.1.0"
