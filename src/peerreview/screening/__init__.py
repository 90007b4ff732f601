"""Screening: votes to outcomes; screening tools' exports to votes."""
