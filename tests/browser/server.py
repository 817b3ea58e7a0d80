"""One JupyterLab server on this machine, in a folder of its own that leaves the user's settings alone."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

START_SECONDS = 180


class LabServer:
    """A running JupyterLab, in an empty folder: `url`, `token`, what it serves (`root`), and its log."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "served"
        self.settings = folder / "settings"
        self.log = folder / "server.log"
        self.token = secrets.token_hex(16)
        self.root.mkdir()
        config, runtime = folder / "config", folder / "runtime"
        (config / "labconfig").mkdir(parents=True)
        # This extension asks the web for news.
        no_news = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
        (config / "labconfig" / "page_config.json").write_text(json.dumps(no_news))
        environment = {
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(config),
            "JUPYTER_RUNTIME_DIR": str(runtime),
            "JUPYTER_PREFER_ENV_PATH": "1",
            "JUPYTERLAB_SETTINGS_DIR": str(self.settings),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            "IPYTHONDIR": str(folder / "ipython"),
        }
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
        command += ["--port=0", f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.root}"]
        command += ["--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT
            )
        self.url = self._wait_for_url(runtime)

    def _wait_for_url(self, runtime: Path) -> str:
        deadline = time.monotonic() + START_SECONDS
        # The server writes its port here, so that no free port has to be guessed.
        record = runtime / f"jpserver-{self.process.pid}.json"
        while time.monotonic() < deadline and self.process.poll() is None:
            if record.exists():
                try:
                    url = f"http://127.0.0.1:{json.loads(record.read_text())['port']}"
                    urllib.request.urlopen(f"{url}/api?token={self.token}", timeout=5)
                    return url
                except (ValueError, OSError):  # half written, or not yet listening
                    pass
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"JupyterLab did not start in {START_SECONDS} s. Its log:\n{self.log.read_text()}")

    def write_setting(self, plugin: str, values: dict[str, Any]) -> None:
        """Set a user setting, read by pages opened from now on; `plugin` as ``@scope/package:name``."""
        package, name = plugin.rsplit(":", 1)
        path = self.settings / package / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))

    def shut_down_kernels(self) -> None:
        """End every session, so that finished tests hold no memory."""
        for session in json.loads(self._request("GET", "/api/sessions")):
            self._request("DELETE", f"/api/sessions/{session['id']}")

    def _request(self, method: str, path: str) -> bytes:
        request = urllib.request.Request(
            f"{self.url}{path}", method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            body: bytes = answer.read()
        return body

    def stop(self) -> None:
        """End the server and its kernels."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
