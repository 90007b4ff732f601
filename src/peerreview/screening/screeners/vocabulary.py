"""The words by which people call the columns of their sheets."""

ABOUT = frozenset({
    "#", "abstract", "accession", "author", "authors", "database", "date", "day", "decided at",
    "duplicates", "extra", "index", "isbn", "issn", "issue", "journal", "keywords", "language", "link",
    "location", "month", "no", "no.", "nr", "nr.", "number", "pages", "pmc_id", "pmcid",
    "publication year", "published year", "publisher", "py", "rank", "round", "row", "source",
    "source file", "source kind", "source kinds", "source line", "sources", "stage", "type", "url",
    "volume", "year",
    "autor", "autoren", "autores", "auteur", "auteurs", "autori", "jahr", "año", "ano", "année", "anno",
    "jaar", "datum", "fecha", "zeitschrift", "revista", "revue", "rivista", "tijdschrift", "quelle", "fuente",
    "fonte", "bron", "sprache", "idioma", "langue", "lingua", "taal", "zusammenfassung", "resumen", "resumo",
    "résumé", "seiten", "páginas", "palabras clave", "schlagwörter", "nº", "n°", "núm", "núm.", "nummer",
    "número",
})  # fmt: skip
"""Columns about the record, beside those that name it, as export formats and our own tables have them."""
NOTES = frozenset({
    "comment", "comments", "labels", "note", "notes", "remark", "remarks", "tags",
    "anmerkung", "anmerkungen", "bemerkung", "bemerkungen", "kommentar", "kommentare", "comentario",
    "comentarios", "comentário", "comentários", "observaciones", "observações", "commentaire", "commentaires",
    "remarque", "remarques", "commenti", "opmerking", "opmerkingen",
})  # fmt: skip
"""Columns of notes."""
FIELD_WORDS = frozenset({
    "abstract", "abstracts", "access", "adults", "age", "agree", "agreed", "agreement", "appendix",
    "assigned", "author", "authors", "availability", "available", "batch", "bias", "blinded",
    "categories", "category", "check", "checked", "children", "cited", "citing", "comment", "comments",
    "comparator", "complete", "completed", "confidence", "conflict", "conflicts", "contacted", "count",
    "country", "data", "database", "databases", "date", "design", "disagree", "doi", "done",
    "downloaded", "dup", "duplicate", "duplicates", "email", "english", "ethics", "excl", "exclude",
    "excluded", "exclusion", "export", "exported", "extracted", "extraction", "file", "flag", "flagged",
    "found", "from", "fulltext", "funded", "funding", "further", "group", "hand", "human", "humans",
    "id", "ids", "imported", "intervention", "isbn", "issn", "issue", "journal", "kappa", "keyword",
    "keywords", "label", "labels", "language", "library", "link", "links", "loan", "mail", "mean",
    "method", "methods", "model", "n", "no", "note", "notes", "nr", "number", "oa", "open", "opened",
    "order", "ordered", "outcome", "outcomes", "page", "pages", "pdf", "peer", "percent", "phone",
    "platform", "pmcid", "pmid", "population", "predicted", "prediction", "preprint", "priority",
    "probability", "protocol", "publication", "published", "publisher", "pubmed", "qualitative",
    "quality", "quantitative", "randomised", "randomized", "rank", "rct", "rcts", "read", "reason",
    "reasons", "region", "registered", "registration", "remark", "remarks", "response", "responses",
    "results", "retracted", "retrieval", "retrieved", "risk", "round", "sample", "saved", "score",
    "screened", "search", "searches", "seen", "setting", "sex", "size", "snowballing", "source",
    "sources", "starred", "supplement", "tag", "tags", "theme", "time", "title", "titles", "topic",
    "total", "translated", "translation", "trial", "trials", "type", "uncertain", "unclear", "unsure", "url",
    "version",
    "via", "view", "viewed", "volume", "year", "years",
})  # fmt: skip
"""Words in the name of a column that is nobody's: what was viewed, searched, counted or found further on."""
DECISION_WORDS = frozenset({
    "and", "assessment", "decision", "decisions", "eligibility", "eligible", "in", "incl", "include",
    "included", "includes", "inclusion", "judgement", "judgements", "judgment", "keep", "label", "my",
    "or", "out", "overall", "rating", "relevance", "relevant", "result", "screen", "screening", "select",
    "selected", "selection", "status", "the", "verdict", "vote", "votes", "voting", "y", "yes",
    "entscheidung", "bewertung", "einschluss", "einschließen", "votum", "decisión", "decisão", "decisione",
    "décision", "beslissing", "incluir", "incluido", "incluído", "inclusión", "inclusão", "inclusione",
    "inclure", "inclus", "inclusie", "voto",
})  # fmt: skip
"""Words of which the name of a column of decisions is made, or that stand beside a reviewer in one."""
FINAL = frozenset({
    "agreed", "consensus", "final", "resolution", "resolved", "team",
    "konsens", "consenso", "endgültig", "finale",
})  # fmt: skip
"""What a column of agreed decisions is called."""
ADJUDICATED = frozenset({
    "adjudicated", "adjudication", "adjudicator", "arbiter", "tie breaker",
})  # fmt: skip
"""What a column of an adjudicator is called."""
REASON_WORDS = frozenset({
    "exclude", "excluded", "excluding", "exclusion", "for", "if", "justification", "of", "rationale",
    "reason", "reasons", "the", "why",
    "grund", "gründe", "begründung", "ausschlussgrund", "motivo", "motivos", "razón", "motif", "motifs",
    "raison", "reden", "exclusión", "exclusão", "esclusione", "exclusie",
})  # fmt: skip
"""Words in the name of a column of reasons."""
GIVES_REASON = frozenset({
    "justification", "rationale", "reason", "reasons",
    "grund", "gründe", "begründung", "ausschlussgrund", "motivo", "motivos", "razón", "motif", "motifs",
    "raison", "reden",
})  # fmt: skip
"""Words that make it one."""
ANY_REASON = frozenset({
    "1", "2", "3", "4", "5", "additional", "final", "first", "further", "main", "other", "primary",
    "second", "secondary",
    "d", "de", "für", "per", "pour", "voor",
})  # fmt: skip
"""What tells one column of reasons from another, and is nobody's name."""
AGAINST = frozenset({
    "discard", "discarded", "drop", "dropped", "excl", "exclude", "excluded", "excludes", "exclusion",
    "ineligible", "irrelevant", "not", "reject", "rejected", "rejection", "remove", "removed",
})  # fmt: skip
"""Words for a decision against a record."""
BESIDE = frozenset({
    "accept", "accepted", "maybe", "n", "no", "or", "pending", "unclear", "undecided", "unsure", "versus",
    "vs",
})  # fmt: skip
"""What stands beside those in a name that lists what may be said: Include / Exclude / Maybe."""
DECIDES = DECISION_WORDS - {"my", "the", "overall", "or", "and", "y", "yes", "in", "out"}
"""Those that make it one."""
