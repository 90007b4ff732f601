"""Formats that are written, a file each, as their namesakes read them: ``write`` returns records as text."""
