"""The home: its owner's alone, writable or refused with one sentence, and held by one `homing up`."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.home import Home, locate, lock, prepare
from monitor.problem import Problem

READ_ONLY = Path("/sys/kernel")  # read-only for root too, on every Linux
ROOT = Path(__file__).parents[2]


def test_the_home_is_the_one_that_the_environment_names(tmp_path: Path) -> None:
    assert locate({"HOMING_HOME": str(tmp_path / "x")}).path == tmp_path / "x"


def test_without_a_name_the_home_is_in_the_users_data_folder() -> None:
    assert locate({}).path.name == "homing"


def test_a_new_home_is_for_its_owner_only(tmp_path: Path) -> None:
    home = prepare(Home(tmp_path / "home"))

    modes = {stat.S_IMODE(folder.stat().st_mode) for folder in (home.path, home.log_dir, home.run_dir)}

    assert modes == {0o700}


def test_a_home_that_cannot_be_written_is_refused_with_the_reason_and_the_way_out() -> None:
    with pytest.raises(Problem, match=r"cannot write to the home /sys/kernel \(.+\)\. Make it writable"):
        prepare(Home(READ_ONLY))


def test_a_second_holder_is_told_who_holds_the_home(tmp_path: Path) -> None:
    home = prepare(Home(tmp_path / "home"))

    with (
        lock(home),
        pytest.raises(Problem, match=f"already runs on .* \\(process {os.getpid()}\\)"),
        lock(home),
    ):
        pass


def test_a_killed_holder_leaves_nothing_to_clean_up(tmp_path: Path) -> None:
    """The kernel drops the lock: no stale file ever needs a person."""
    home = prepare(Home(tmp_path / "home"))
    program = (
        "import os, signal, sys; from pathlib import Path; from monitor.home import Home, lock\n"
        "with lock(Home(Path(sys.argv[1]))): os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(home.path)], cwd=ROOT)

    with lock(home):
        assert killed.returncode == -9


def test_a_read_only_home_ends_a_command_with_its_sentence_and_exit_code_2() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "homing.py"), "init"],
        env={**os.environ, "HOMING_HOME": str(READ_ONLY)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot write to the home" in done.stderr
