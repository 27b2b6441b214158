"""The switch that lets tests crawl this machine, and nothing else."""

from __future__ import annotations

import pytest

from ficdex.crawler.loopback import VARIABLE, switched
from ficdex.errors import SettingsError


def test_without_the_switch_no_address_is_let_through() -> None:
    assert switched({})[1] == frozenset()


def test_a_name_is_led_to_its_server_and_no_other_port_is_let_through() -> None:
    resolve, allowed = switched({VARIABLE: "archive.test=127.0.0.1:8081, six.test=::1:8082"})
    assert resolve("Archive.test", 80) == [("127.0.0.1", 8081)]
    assert allowed == {("127.0.0.1", 8081), ("::1", 8082)}


@pytest.mark.parametrize("place", ["127.example.org:80", "192.168.0.1:80", "127.0.0.1", "127.0.0.1:x", "::1example:80"])
def test_what_is_no_address_of_this_machine_is_refused(place: str) -> None:
    with pytest.raises(SettingsError, match="name=127"):
        switched({VARIABLE: f"archive.test={place}"})
