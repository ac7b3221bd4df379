"""What a run reached: summary, sentence, table, report."""
