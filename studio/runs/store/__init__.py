"""The workspace: run folders, their index, the methods a person saved."""
