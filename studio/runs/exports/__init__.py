"""What a run has made, written for use outside of the studio; one format a file."""
