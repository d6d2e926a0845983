"""The official Python SDK as a client of Vertex AI, against the same emulator."""

import os

import pydantic
from google import genai
from google.genai import errors, types
from google.oauth2.credentials import Credentials

MODEL = "gemini-3.8-flash"


class Node(pydantic.BaseModel):
    name: str
    counts: dict[str, int]


def connect(token="an-access-token"):
    options = types.HttpOptions(base_url=os.environ["GOOGLE_GEMINI_BASE_URL"])
    credentials = Credentials(token)
    return genai.Client(
        vertexai=True,
        project="my-project",
        location="global",
        credentials=credentials,
        http_options=options,
    )


def ask(client, contents, **config):
    return client.models.generate_content(model=MODEL, contents=contents, config=config or None)


def vertex_texts():
    client = connect()
    assert "Why is the sky blue?" in ask(client, "Why is the sky blue?").text
    chunks = list(client.models.generate_content_stream(model=MODEL, contents="Write. " * 40))
    assert len(chunks) > 1 and chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP


def vertex_schemas():
    config = {"response_mime_type": "application/json", "response_schema": Node}
    node = ask(connect(), "A node", **config).parsed
    assert isinstance(node, Node), node
    choice = types.Schema(type="STRING", enum=["Woodwind", "Brass"])
    config = {"response_mime_type": "text/x.enum", "response_schema": choice}
    assert ask(connect(), "An oboe is a Woodwind", **config).text == "Woodwind"


def vertex_refusals():
    try:
        ask(connect("invalid-access-token"), "x")
    except errors.ClientError as error:
        assert (error.code, error.status) == (401, "UNAUTHENTICATED"), error
    else:
        raise AssertionError("a bad token was taken")
    both = types.Schema(any_of=[types.Schema(type="STRING")], description="beside it")
    config = {"response_mime_type": "application/json", "response_schema": both}
    try:
        ask(connect(), "x", **config)
    except errors.ClientError as error:
        assert error.code == 400 and "only field set" in error.message, error
    else:
        raise AssertionError("any_of did not stand alone")


CHECKS = [vertex_texts, vertex_schemas, vertex_refusals]
