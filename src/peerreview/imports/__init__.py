"""Imports: exports of any format to records."""
