"""Synthesis: what the included studies say — extraction, themes, appraisal."""
