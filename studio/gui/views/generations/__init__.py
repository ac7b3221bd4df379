"""The steps of a chain of trainings beside each other: does each do better than the one that taught it?"""
