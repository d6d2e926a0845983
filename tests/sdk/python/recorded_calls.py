"""Calls of the official Python SDK whose requests are recorded, one request each.

Prints what each call asks for, as a JSON list in the order of the requests.
"""

import enum
import json

import pydantic
from google import genai
from google.genai import errors, types

MODEL = "gemini-3.8-flash"
PIXEL = b"\x89PNG\r\n\x1a\n\xfb\xff\xfe"

client = genai.Client()
calls = []


class Color(enum.Enum):
    RED = "red"
    GREEN = "green"


class Ingredient(pydantic.BaseModel):
    name: str
    grams: int


class Recipe(pydantic.BaseModel):
    """A recipe."""

    title: str = pydantic.Field(description="What it is called")
    ingredients: list[Ingredient]
    minutes: int | None = None


WEATHER = types.FunctionDeclaration(
    name="get_weather",
    description="current weather",
    parameters=types.Schema(
        type="OBJECT", properties={"city": types.Schema(type="STRING")}, required=["city"]
    ),
)


def call(name, described, contents, method="generate_content", **config):
    calls.append({"name": name, "call": described})
    make = getattr(client.models, method)
    try:
        made = make(model=MODEL, contents=contents, config=config or None)
    except errors.ClientError as error:
        # The file and the cache belong to nobody here.
        if error.code != 403:
            raise
        return
    if method == "generate_content_stream":
        list(made)


call("text", "a prompt as one string", "Why is the sky blue?")
call("stream", "the same prompt, streamed", "Why is the sky blue?", "generate_content_stream")
call("several_parts", "a list of two strings", ["Compare these.", "An oboe and a flute."])
call(
    "turns",
    "three turns: user, model, user",
    [
        types.Content(role="user", parts=[types.Part(text="My name is Ada.")]),
        types.Content(role="model", parts=[types.Part(text="Hello Ada.")]),
        types.Content(role="user", parts=[types.Part(text="What is my name?")]),
    ],
)
call(
    "system_instruction",
    "the system instruction 'Answer in French.'",
    "Two cities",
    system_instruction="Answer in French.",
)
call(
    "inline_image",
    "a text and the bytes 89504e470d0a1a0afbfffe as image/png",
    ["What is this?", types.Part.from_bytes(data=PIXEL, mime_type="image/png")],
)
call(
    "file",
    "a text and a file by its address",
    [
        "Summarize.",
        types.Part.from_uri(
            file_uri="https://generativelanguage.googleapis.com/v1beta/files/abc",
            mime_type="application/pdf",
        ),
    ],
)
call(
    "sampling",
    "every sampling parameter",
    "Two cities",
    temperature=0.5,
    top_p=0.9,
    top_k=20,
    seed=7,
    max_output_tokens=256,
    stop_sequences=["END"],
    candidate_count=1,
    presence_penalty=0.25,
    frequency_penalty=0.5,
)
call(
    "thinking_level",
    "thinking level low with thoughts",
    "Two cities",
    thinking_config=types.ThinkingConfig(include_thoughts=True, thinking_level="LOW"),
)
call(
    "thinking_budget",
    "a thinking budget of 1024 tokens",
    "Two cities",
    thinking_config=types.ThinkingConfig(thinking_budget=1024),
)
call(
    "safety",
    "two safety settings",
    "Two cities",
    safety_settings=[
        types.SafetySetting(category="HARM_CATEGORY_HARASSMENT", threshold="BLOCK_ONLY_HIGH"),
        types.SafetySetting(category="HARM_CATEGORY_HATE_SPEECH", threshold="BLOCK_NONE"),
    ],
)
call("json", "JSON without a schema", "Two cities", response_mime_type="application/json")
call(
    "schema_model",
    "a list of models with nested models, as responseSchema",
    "List recipes",
    response_mime_type="application/json",
    response_schema=list[Recipe],
)
call(
    "schema_object",
    "a schema written by hand",
    "List cities",
    response_mime_type="application/json",
    response_schema=types.Schema(
        type="ARRAY", min_items=1, max_items=3, items=types.Schema(type="STRING", description="city")
    ),
)
call(
    "schema_enum",
    "an enum as text/x.enum",
    "The color of grass",
    response_mime_type="text/x.enum",
    response_schema=Color,
)
call(
    "json_schema",
    "a JSON Schema",
    "A point",
    response_mime_type="application/json",
    response_json_schema={
        "type": "object",
        "properties": {"x": {"type": "integer"}, "y": {"type": ["integer", "null"]}},
        "required": ["x"],
        "additionalProperties": False,
    },
)
call(
    "function",
    "a function declaration, mode ANY with the function's name",
    "Weather in Lyon?",
    tools=[types.Tool(function_declarations=[WEATHER])],
    tool_config=types.ToolConfig(
        function_calling_config=types.FunctionCallingConfig(
            mode="ANY", allowed_function_names=["get_weather"]
        )
    ),
)
call(
    "function_turns",
    "the call of a function with its id and thought signature (bytes 00 01), and its response",
    [
        types.Content(role="user", parts=[types.Part(text="Weather in Lyon?")]),
        types.Content(
            role="model",
            parts=[
                types.Part(
                    function_call=types.FunctionCall(
                        id="c1", name="get_weather", args={"city": "Lyon"}
                    ),
                    thought_signature=b"\x00\x01",
                )
            ],
        ),
        types.Content(
            role="user",
            parts=[
                types.Part(
                    function_response=types.FunctionResponse(
                        id="c1", name="get_weather", response={"output": {"celsius": 19}}
                    )
                )
            ],
        ),
    ],
    tools=[types.Tool(function_declarations=[WEATHER])],
)
call(
    "server_tools",
    "the tools google search, url context and code execution",
    "What happened today?",
    tools=[
        types.Tool(google_search=types.GoogleSearch()),
        types.Tool(url_context=types.UrlContext()),
        types.Tool(code_execution=types.ToolCodeExecution()),
    ],
)
call("cached_content", "a cache", "Two cities", cached_content="cachedContents/abc")
call("count_tokens", "the tokens of a prompt", "Why is the sky blue?", "count_tokens")

print(json.dumps(calls))
