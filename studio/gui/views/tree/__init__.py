"""The tree that a run ended with: can one small tree say what many say?"""
