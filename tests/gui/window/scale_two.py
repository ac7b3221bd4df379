"""Grabs the welcome page in both themes at the scale this process was started with; prints what was found as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from studio.gui import theme
from studio.gui.app import make_app
from studio.gui.shell.window import Window
from studio.gui.system.window_settings import WindowSettings

app = make_app()
found = {}
for name in ("light", "dark"):
    theme.install(app, name)
    window = Window(WindowSettings(Path(sys.argv[1])))
    window.resize(1440, 900)
    window.show()
    app.processEvents()
    image = window.grab().toImage()
    pixels = {image.pixel(x, y) for x in range(0, image.width(), 16) for y in range(0, image.height(), 16)}
    found[name] = {"size": [image.width(), image.height()], "shades": len(pixels)}
    window.close()
sys.stdout.write(json.dumps(found) + "\n")
