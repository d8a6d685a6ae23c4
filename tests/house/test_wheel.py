"""The boxed wheel: what a stranger installs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [str(UV), "build", "--quiet", "--wheel", "--no-build-isolation", "--python", sys.executable,
         "--out-dir", str(folder), str(ROOT)],
        check=True, capture_output=True,
    )  # fmt: skip
    return next(folder.glob("*.whl"))


def test_the_wheel_puts_only_the_front_door_where_it_can_be_imported(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names if ".dist-info/" not in name}

    assert tops == {"homing.py", "homing-app"}
    assert "homing-app/data/migrations/versions/0001_the_first_schema.py" in names
    assert not [name for name in names if name.startswith("homing-app/tests")]


def test_it_lives_beside_a_foreign_package_called_checks(wheel: Path, tmp_path: Path) -> None:
    """Somebody else's `checks` keeps its name, and `homing check` still runs its own."""
    environment = tmp_path / "venv"
    python = environment / "bin" / "python"
    subprocess.run([str(UV), "venv", "--quiet", "--python", sys.executable, str(environment)], check=True)
    install = [
        str(UV),
        "pip",
        "install",
        "--quiet",
        "--python",
        str(python),
        "-c",
        str(ROOT / "constraints.txt"),
    ]
    subprocess.run([*install, str(wheel)], check=True)
    site = next(environment.glob("lib/python3.*/site-packages"))
    (site / "checks.py").write_text("WHOSE = 'a stranger'\n")

    foreign = subprocess.run([str(python), "-c", "import checks; print(checks.WHOSE)"], capture_output=True,
                             text=True, check=True, cwd=tmp_path)  # fmt: skip
    ours = subprocess.run([str(environment / "bin" / "homing"), "check", "not a domain"], capture_output=True,
                          text=True, cwd=tmp_path)  # fmt: skip

    assert foreign.stdout == "a stranger\n"
    assert ours.returncode == 2, ours.stderr
    assert "not a domain" in ours.stderr
