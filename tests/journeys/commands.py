"""Commands and programs as the developers' guide shows them: read off its pages, and run as a newcomer would."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.journeys.site import Visitor


def snippet(visitor: Visitor, page: str, name: str) -> str:
    """Returns the text of a piece of code, as the copy button gives it."""
    visitor.visit(page)
    return visitor.find(f'[data-snippet="{name}"]').evaluate("each => each.textContent")  # type: ignore[no-any-return]


@dataclass
class Terminal:
    """A newcomer's terminal: a folder, what they exported, and Python with the libraries that the guide names."""

    folder: Path
    exported: dict[str, str] = field(default_factory=dict)

    @property
    def _environment(self) -> dict[str, str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, "HOME": str(self.folder), "PYTHONUNBUFFERED": "1", "NO_PROXY": "*", **self.exported}

    def shell(self, text: str) -> tuple[int, str]:
        """Returns exit code and output of commands, stopped at the first that fails."""
        return self._run("bash", "-e", "-c", text)

    def python(self, text: str, *words: str) -> tuple[int, str]:
        """Returns exit code and output of a program."""
        return self._run("python", "-c", text, *words)

    def _run(self, *command: str) -> tuple[int, str]:
        done = subprocess.run(command, cwd=self.folder, env=self._environment, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def serve(self, *command: str) -> subprocess.Popen[str]:
        """Returns a running server."""
        return subprocess.Popen(command, cwd=self.folder, env=self._environment, stdout=subprocess.PIPE, text=True)
