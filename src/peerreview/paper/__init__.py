"""Paper: what is printed — sheets, figures, sentences, checklists."""

STAGES = {"title_abstract": "Title and abstract", "full_text": "Full text"}
"""The stages that people vote at, as they are printed."""
