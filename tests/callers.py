"""Plain HTTP to a sandbox, without the client that the other tests are about."""

from typing import Any

import httpx


def client(**options: Any) -> httpx.Client:
    """Make a client that reads no certificates, which would take longer than a test: nothing here speaks TLS."""
    return httpx.Client(trust_env=False, verify=False, timeout=60, **options)  # noqa: S501 - see above


class Caller:
    """Calls the API by plain HTTP, with the token, about the jobs of one model."""

    def __init__(self, http: httpx.Client, model_id: str) -> None:
        self.http = http
        self.path = f"/api/v1/images/models/{model_id}/inferences"

    def post(self, **body: Any) -> httpx.Response:
        """Submit a job."""
        return self.http.post(self.path, json={"prompt": "A photo", **body})

    def submit(self, **body: Any) -> dict[str, Any]:
        """Submit a job that is accepted, and read the answer."""
        job: dict[str, Any] = self.post(**body).raise_for_status().json()
        return job

    def get(self, job_id: str) -> httpx.Response:
        """Ask for a job."""
        return self.http.get(f"{self.path}/{job_id}")

    def find(self, job_id: str) -> dict[str, Any]:
        """Read a job that exists."""
        job: dict[str, Any] = self.get(job_id).raise_for_status().json()
        return job

    def make(self, **body: Any) -> dict[str, Any]:
        """Submit a job that is accepted, and read it."""
        return self.find(self.submit(**body)["id"])

    def page(self, **query: Any) -> httpx.Response:
        """Ask for a page."""
        return self.http.get(self.path, params=query)

    def ids(self, **query: Any) -> list[str]:
        """Read the ids on a page."""
        return [job["id"] for job in self.page(**query).raise_for_status().json()]

    def delete(self, job_id: str) -> httpx.Response:
        """Delete a job."""
        return self.http.delete(f"{self.path}/{job_id}")
