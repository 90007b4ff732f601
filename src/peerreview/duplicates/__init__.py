"""Duplicates: normalise, block, compare, judge by rules, cluster, keep one."""
