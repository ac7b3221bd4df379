"""The page on which a method is composed of parts."""
