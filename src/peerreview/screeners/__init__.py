"""Exports of screening tools: one file per tool, all of one shape, recognised by content."""
