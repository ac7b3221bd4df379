"""The experiment being put together: its draft and the panel of its four cards."""
