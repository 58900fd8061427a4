"""Every name of the vendor's C# and Java clients has its answer in README.md, and every answer exists."""

import importlib
import inspect
import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import leap_client
from leap_client import Leap, errors, models
from readme import Readme
from rig import Sandbox

TABLES = Readme.of(Path(__file__).parent.parent).section("Coming from the C# or Java client?").tables

# The names in the two references that the vendor published: for C# in September 2023, for Java a month before. Some are
# names of those clients rather than of the API, but users of them look for all the same.
C_SHARP = """\
Leap.Client
Leap.Model
LeapClient
client.SetAccessToken
ImagesApi
client.Images
apiInstance
Images.Generate
Images.GenerateWithHttpInfo
Images.ListAll
Images.ListAllWithHttpInfo
Images.FindOne
Images.FindOneWithHttpInfo
Images.Delete
Images.DeleteWithHttpInfo
modelId
inferenceId
createInferenceDto
CreateInferenceDto
onlyFinished
page
pageSize
string
double?
bool?
void
InferenceEntity
List<InferenceEntity>
Console.WriteLine(result)
ApiResponse
ApiResponse.StatusCode
ApiResponse.Headers
ApiResponse.Data
ApiException
ApiException.Message
ApiException.ErrorCode
ApiException.StackTrace
ClientException
ClientException.Response.StatusCode
ClientException.Response.RawContent
ClientException.InnerException
"""

JAVA = """\
com.konfigthis.leap.client
com.konfigthis.leap.client.api
com.konfigthis.leap.client.auth
com.konfigthis.leap.client.model
Leap
ApiClient
Configuration
configuration.host
configuration.token
bearer
GenerateImagesApi
client.generateImages
generateImages.create
generateImages.findAll
generateImages.findOne
generateImages.remove
execute()
create(...).executeWithHttpInfo()
findAll(...).executeWithHttpInfo()
findOne(...).executeWithHttpInfo()
remove(...).executeWithHttpInfo()
modelId
inferenceId
prompt
negativePrompt(...)
steps(...)
width(...)
height(...)
numberOfImages(...)
promptStrength(...)
seed(...)
webhookUrl(...)
onlyFinished(...)
page(...)
pageSize(...)
String
Double
Boolean
null
CreateInferenceDto
InferenceEntity
List<InferenceEntity>
System.out.println(result)
getId()
getCreatedAt()
getPrompt()
getNegativePrompt()
getSeed()
getWidth()
getHeight()
getPromptStrength()
getNumberOfImages()
getState()
getStatus()
getSteps()
getImages()
getModelId()
getUpscalingOption()
ApiResponse
ApiResponse.getResponseBody()
ApiResponse.getResponseHeaders()
ApiResponse.getStatusCode()
ApiResponse.getRoundTripTime()
ApiResponse.getRequest()
ApiException
ApiException.getStatusCode()
ApiException.getResponseBody()
ApiException.getResponseHeaders()
ApiException.printStackTrace()
"""


@pytest.mark.parametrize(("client", "names"), [("C#", C_SHARP), ("Java", JAVA)])
def test_every_name_of_another_client_is_listed(client: str, names: str) -> None:
    """README.md lists every name of both references, in their order, and no other."""
    [table] = [table for table in TABLES if client in table[0]]
    assert [row[client].strip("`") for row in table] == names.splitlines()


def test_every_answer_exists(sandbox: Sandbox) -> None:
    """Whatever README.md gives as the answer to a name of another client is there."""
    variables = {"LEAP_API_KEY", "LEAP_BASE_URL"}
    methods = [each for name, each in inspect.getmembers(Leap("any").images) if not name.startswith("_")]
    arguments = {name for each in (Leap, *methods) for name in inspect.signature(each).parameters}
    namespaces = list(_namespaces(sandbox))
    lost = []
    for row in (row for table in TABLES for row in table):
        answers = set(re.findall("`([^`]+)`", row["Here"])) - variables
        assert answers or row["Here"]
        for code in answers:
            known = code[:-1] in arguments if code.endswith("=") else any(_evaluates(code, each) for each in namespaces)
            lost += [] if known else [f"{next(iter(row.values()))}: {code}"]
    assert not lost, "README.md names what the package does not have:\n" + "\n".join(lost)


def _namespaces(sandbox: Sandbox) -> Iterator[dict[str, Any]]:
    """Yield the names that the tables use, once for every kind of error."""
    importlib.import_module("leap_client.api")
    [job] = sandbox.add_jobs()
    with Leap(sandbox.token, base_url=sandbox.url) as leap:
        response = leap.images.find_one_detailed(job.model_id, job.id)
        unreadable = leap.with_options(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=[])))
        for client, job_id in ((leap, "none"), (unreadable, job.id)):
            with pytest.raises(errors.LeapError) as caught:
                client.images.find_one(job.model_id, job_id)
            names = {name: getattr(module, name) for module in (leap_client, models) for name in module.__all__}
            values = {"leap": leap, "job": response.parsed, "response": response, "error": caught.value, "token": "any"}
            yield {**names, **values, "leap_client": leap_client, "traceback": traceback}


def _evaluates(code: str, namespace: dict[str, Any]) -> bool:
    try:
        eval(code, namespace)  # noqa: S307 - our own README
    except (AttributeError, NameError):
        return False
    return True
