"""Paper: what is printed — sheets, figures, sentences, checklists."""
