"""What a person may ask while it runs."""

from __future__ import annotations

import threading
import time

from studio.training.control import Control


def test_pause_holds_and_resume_goes_on() -> None:
    control = Control()
    assert control.take_turn()
    control.pause()
    assert not control.take_turn()
    assert control.paused
    control.resume()
    assert control.take_turn()


def test_each_press_of_step_permits_one_step() -> None:
    control = Control()
    control.step()
    control.step()
    assert [control.take_turn() for _ in range(3)] == [True, True, False]


def test_stop_frees_a_paused_run_at_once() -> None:
    control = Control()
    control.pause()
    waited = []

    def wait() -> None:
        began = time.monotonic()
        while not control.take_turn():
            control.wait(5)
        waited.append(time.monotonic() - began)

    thread = threading.Thread(target=wait)
    thread.start()
    control.stop()
    thread.join(2)
    assert waited
    assert waited[0] < 1
    assert control.stopping
    assert not control.paused
