"""Network recasting while it goes on: can every block be exchanged for a smaller one?"""
