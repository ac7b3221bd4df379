"""Made-up rows of tables: what an ensemble is asked about when the rows to learn from say too little.

A table of n rows and p columns is one array (n, p): numeric columns hold their values, nominal ones the numbers of theirs,
and a missing value is NaN. Every way draws from a generator of its own, made of its seed: the same seed gives the same
rows, however many cores there are.
"""
