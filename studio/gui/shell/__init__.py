"""The frame around everything: window, actions, top bar, the pages it opens with."""
