"""What is offered beside an error that offers nothing itself."""

from __future__ import annotations

from studio.core.errors import StudioError
from studio.gui.training.error_fixes import fix_buttons, step_to_choose


def test_data_that_cannot_be_used_lead_to_the_list_of_data() -> None:
    (button,) = fix_buttons(StudioError("No pictures.", place="dataset.path"), None)
    assert step_to_choose(button.key) == "data"
    assert not fix_buttons(StudioError("No number.", place="training.epochs"), None)
