"""The official Python SDK, unmodified, against a running emulator.

The address and the key come from the environment, as the SDK reads them. Prompts that start with
`scenario:` are answered by a script. Each check prints one line; the first failure ends the run.
"""

import asyncio
import enum
import io
import json
import sys
import time

import pydantic
import vertex_checks
from google import genai
from google.genai import errors, types

MODEL = "gemini-3.8-flash"
LONG = "Write about rivers, " + "and about the towns on their banks, " * 12
UNICODE = "K\u00e4sek\u00fcche \U0001f370 line\u2028separator"

client = genai.Client()


class Kind(enum.Enum):
    STRINGS = "Strings"
    WOODWIND = "Woodwind"
    BRASS = "Brass"


class Item(pydantic.BaseModel):
    sku: str
    quantity: int
    price: float | None
    kind: Kind


class Order(pydantic.BaseModel):
    items: list[Item] = pydantic.Field(min_length=2, max_length=4)
    note: str = pydantic.Field(max_length=12)


def ask(contents, **config):
    return client.models.generate_content(model=MODEL, contents=contents, config=config or None)


def stream(contents, **config):
    return list(
        client.models.generate_content_stream(model=MODEL, contents=contents, config=config or None)
    )


def text_of(chunks):
    return "".join(chunk.text or "" for chunk in chunks)


def failure(kind, call):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError("the call did not fail")


def detail(error, name):
    found = [one for one in error.details["error"]["details"] if one["@type"].endswith(name)]
    assert found, error.details
    return found[0]


def plain_text():
    response = ask("Why is the sky blue?")
    assert "Why is the sky blue?" in response.text, response.text
    candidate = response.candidates[0]
    assert candidate.finish_reason == types.FinishReason.STOP
    assert candidate.content.role == "model"
    usage = response.usage_metadata
    assert usage.total_token_count == usage.prompt_token_count + usage.candidates_token_count
    assert response.model_version.startswith("emulated-")
    assert response.response_id


def streams():
    chunks = stream(LONG)
    assert len(chunks) > 2, len(chunks)
    whole = ask(LONG)
    assert text_of(chunks) == whole.text
    assert chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP
    last, total = chunks[-1].usage_metadata, whole.usage_metadata
    assert last.total_token_count == total.total_token_count, (last, total)


def streams_in_pieces():
    for name in ("bytes", "characters", "line-ends", "random"):
        chunks = stream(f"scenario: split {name}")
        assert text_of(chunks) == UNICODE, (name, text_of(chunks))
    assert text_of(stream("scenario: sparse")) == "next to nothing"


def pydantic_models():
    for _ in range(3):
        order = ask("An order", response_mime_type="application/json", response_schema=Order).parsed
        assert isinstance(order, Order), order
        assert 2 <= len(order.items) <= 4 and len(order.note) <= 12, order
    items = ask("Items", response_mime_type="application/json", response_schema=list[Item]).parsed
    assert all(isinstance(item, Item) for item in items), items
    chunks = stream("An order", response_mime_type="application/json", response_schema=Order)
    assert isinstance(Order.model_validate_json(text_of(chunks)), Order)


def enums():
    asked = {"contents": "What type of instrument is an oboe?", "response_schema": Kind}
    response = ask(response_mime_type="text/x.enum", **asked)
    assert response.text == "Woodwind" and response.parsed == Kind.WOODWIND, response.text
    response = ask(response_mime_type="application/json", **asked)
    assert response.text == '"Woodwind"' and response.parsed == Kind.WOODWIND, response.text
    other = ask("Any", response_mime_type="text/x.enum", response_schema=Kind)
    assert other.parsed in list(Kind), other.text


def schema_objects():
    schema = types.Schema(
        type=types.Type.OBJECT,
        properties={
            "b": types.Schema(type=types.Type.INTEGER, minimum=3, maximum=5),
            "a": types.Schema(type=types.Type.ARRAY, items=types.Schema(type="STRING"), max_items=2),
        },
        property_ordering=["b", "a"],
        required=["a", "b"],
    )
    response = ask("Things", response_mime_type="application/json", response_schema=schema)
    assert list(response.parsed) == ["b", "a"] and 3 <= response.parsed["b"] <= 5, response.parsed
    recursive = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "parent": {"$ref": "#"}},
        "required": ["name"],
    }
    response = ask("A tree", response_mime_type="application/json", response_json_schema=recursive)
    assert isinstance(response.parsed["name"], str), response.parsed


def thoughts():
    config = {"thinking_config": types.ThinkingConfig(include_thoughts=True)}
    response = ask("Think", **config)
    assert response.candidates[0].content.parts[0].thought
    assert response.usage_metadata.thoughts_token_count > 0
    assert "thought" not in response.text, response.text
    assert stream("Think", **config)[0].candidates[0].content.parts[0].thought


def function_calls():
    weather = types.FunctionDeclaration(
        name="get_weather",
        description="The weather",
        parameters=types.Schema(
            type="OBJECT", properties={"city": types.Schema(type="STRING")}, required=["city"]
        ),
    )
    tools = [types.Tool(function_declarations=[weather])]
    asked = "scenario: function call"
    response = ask(asked, tools=tools)
    call = response.function_calls[0]
    assert (call.id, call.name, call.args) == ("c1", "get_weather", {"city": "Lyon"}), call
    answer = types.Part.from_function_response(name=call.name, response={"output": {"c": 19}})
    turns = [
        types.Content(role="user", parts=[types.Part(text=asked)]),
        response.candidates[0].content,
        types.Content(role="user", parts=[answer]),
    ]
    assert ask(turns, tools=tools).candidates[0].finish_reason == types.FinishReason.STOP


def chats():
    chat = client.chats.create(model=MODEL)
    assert "first" in chat.send_message("first").text
    assert "second" in chat.send_message("second").text
    assert len(chat.get_history()) == 4


def unknown_fields():
    options = types.HttpOptions(extra_body={"generationConfig": {"temprature": 1}})
    error = failure(errors.ClientError, lambda: ask("x", http_options=options))
    assert (error.code, error.status) == (400, "INVALID_ARGUMENT"), error
    assert 'Unknown name "temprature"' in error.message, error.message
    violation = detail(error, "BadRequest")["fieldViolations"][0]
    assert violation["field"] == "generation_config", violation


def refused_schemas():
    class Empty(pydantic.BaseModel):
        pass

    config = {"response_mime_type": "application/json", "response_schema": Empty}
    error = failure(errors.ClientError, lambda: ask("x", **config))
    assert error.code == 400 and "should be non-empty for OBJECT type" in error.message, error
    error = failure(errors.ClientError, lambda: stream("x", **config))
    assert error.code == 400 and "should be non-empty for OBJECT type" in error.message, error


def quotas():
    error = failure(errors.ClientError, lambda: ask("scenario: rate limited"))
    assert (error.code, error.status) == (429, "RESOURCE_EXHAUSTED"), error
    assert detail(error, "RetryInfo")["retryDelay"] == "2s", error.details
    assert "PerMinute" in detail(error, "QuotaFailure")["violations"][0]["quotaId"]
    error = failure(errors.ClientError, lambda: ask("scenario: daily quota"))
    assert "PerDay" in detail(error, "QuotaFailure")["violations"][0]["quotaId"]


def other_failures():
    error = failure(
        errors.ClientError,
        lambda: client.models.generate_content(model="gemini-no-such-model", contents="x"),
    )
    assert (error.code, error.status) == (404, "NOT_FOUND"), error
    error = failure(errors.ServerError, lambda: ask("scenario: overloaded"))
    assert (error.code, error.status) == (503, "UNAVAILABLE"), error
    error = failure(errors.ServerError, lambda: ask("scenario: html"))
    assert error.code == 502, error
    other = genai.Client(api_key="invalid-api-key")
    error = failure(
        errors.ClientError, lambda: other.models.generate_content(model=MODEL, contents="x")
    )
    assert error.code == 400 and detail(error, "ErrorInfo")["reason"] == "API_KEY_INVALID", error
    failure(Exception, lambda: ask("scenario: disconnect"))
    error = failure(errors.APIError, lambda: stream("scenario: error in the stream"))
    assert error.code == 503, error


def retries():
    options = types.HttpOptions(
        retry_options=types.HttpRetryOptions(attempts=3, initial_delay=0.01, max_delay=0.02)
    )
    response = ask("scenario: fails twice (python)", http_options=options)
    assert response.text == "third time lucky", response.text


def unfinished_answers():
    blocked = ask("scenario: blocked")
    assert blocked.prompt_feedback.block_reason == types.BlockedReason.SAFETY
    assert not blocked.candidates
    for name, reason in (
        ("safety", types.FinishReason.SAFETY),
        ("recitation", types.FinishReason.RECITATION),
        ("max tokens", types.FinishReason.MAX_TOKENS),
    ):
        response = ask(f"scenario: {name}")
        assert response.candidates[0].finish_reason == reason, response
    assert ask("scenario: nulls").text == "nothing is null", "explicit nulls"
    cut = ask(LONG, max_output_tokens=3)
    assert cut.candidates[0].finish_reason == types.FinishReason.MAX_TOKENS
    assert len(cut.text) == 12, cut.text


def continuations():
    response = ask("scenario: continued")
    assert response.text == "one, two", response.text
    assert text_of(stream("scenario: continued")) == "one, two"


def tokens_and_models():
    counted = client.models.count_tokens(model=MODEL, contents="Why is the sky blue?")
    usage = ask("Why is the sky blue?").usage_metadata
    assert counted.total_tokens == usage.prompt_token_count, counted
    names = [model.name for model in client.models.list(config={"page_size": 1})]
    assert f"models/{MODEL}" in names and len(names) > 1, names
    model = client.models.get(model=MODEL)
    assert model.input_token_limit > 0 and "generateContent" in model.supported_actions, model


def wait_for(poll, is_done):
    """Polls until the time is up; nothing here takes longer than a second."""
    for _ in range(200):
        found = poll()
        if is_done(found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"not done: {found}")


def upload(text, mime_type="text/plain", **config):
    file = client.files.upload(
        file=io.BytesIO(text.encode()),
        config=types.UploadFileConfig(mime_type=mime_type, **config),
    )
    assert file.state == types.FileState.PROCESSING, file
    return wait_for(
        lambda: client.files.get(name=file.name), lambda file: file.state == types.FileState.ACTIVE
    )


def files():
    file = upload("hello", display_name="greeting")
    assert (file.display_name, file.size_bytes, file.mime_type) == ("greeting", 5, "text/plain"), file
    assert file.source == types.FileSource.UPLOADED and file.sha256_hash, file
    used = ask(["Sum up.", file]).usage_metadata
    alone = ask("Sum up.").usage_metadata
    assert used.prompt_token_count > alone.prompt_token_count + 200, used
    counted = client.models.count_tokens(model=MODEL, contents=["Sum up.", file])
    assert counted.total_tokens == used.prompt_token_count, counted
    large = upload("x" * (9 * 1024 * 1024))
    assert large.size_bytes == 9 * 1024 * 1024, "in two pieces"
    names = [one.name for one in client.files.list(config={"page_size": 1})]
    assert {file.name, large.name} <= set(names), names
    client.files.delete(name=file.name)
    error = failure(errors.ClientError, lambda: client.files.get(name=file.name))
    assert (error.code, error.status) == (403, "PERMISSION_DENIED"), error
    error = failure(errors.ClientError, lambda: ask(["Sum up.", file]))
    assert error.code == 403, error


def caches():
    config = {"system_instruction": "Long rules. " * 2000, "ttl": "600s", "display_name": "rules"}
    cache = client.caches.create(model=MODEL, config=config)
    assert cache.model == f"models/{MODEL}" and cache.display_name == "rules", cache
    tokens = cache.usage_metadata.total_token_count
    usage = ask("Obey.", cached_content=cache.name).usage_metadata
    assert usage.cached_content_token_count == tokens < usage.prompt_token_count, usage
    updated = client.caches.update(name=cache.name, config={"ttl": "3600s"})
    assert updated.expire_time > cache.expire_time, updated
    assert client.caches.get(name=cache.name).expire_time == updated.expire_time
    assert cache.name in [one.name for one in client.caches.list()]
    error = failure(
        errors.ClientError, lambda: ask("x", cached_content=cache.name, system_instruction="y")
    )
    assert "CachedContent can not be used with" in error.message, error
    client.caches.delete(name=cache.name)
    error = failure(errors.ClientError, lambda: ask("x", cached_content=cache.name))
    assert error.code == 403 and "not found (or permission denied)" in error.message, error
    small = {"system_instruction": "short"}
    error = failure(errors.ClientError, lambda: client.caches.create(model=MODEL, config=small))
    assert error.code == 400 and "too small" in error.message, error


def finished(job):
    states = []

    def poll():
        found = client.batches.get(name=job.name)
        states.append(found.state)
        return found

    done = wait_for(poll, lambda job: job.done)
    assert types.JobState.JOB_STATE_PENDING in states, states
    return done


def inline_batches():
    config = types.GenerateContentConfig(
        response_mime_type="application/json", response_schema=types.Schema(type="INTEGER")
    )
    requests = [
        types.InlinedRequest(contents="first", metadata={"key": "a"}),
        types.InlinedRequest(contents="second", metadata={"key": "b"}, config=config),
        types.InlinedRequest(contents="scenario: overloaded", metadata={"key": "c"}),
    ]
    job = client.batches.create(model=MODEL, src=requests, config={"display_name": "job"})
    assert job.state == types.JobState.JOB_STATE_PENDING and job.display_name == "job", job
    done = finished(job)
    assert done.state == types.JobState.JOB_STATE_SUCCEEDED, done
    rows = done.dest.inlined_responses
    assert [row.metadata["key"] for row in rows] == ["a", "b", "c"], rows
    assert "first" in rows[0].response.text and rows[0].error is None, rows[0]
    assert isinstance(json.loads(rows[1].response.text), int), rows[1]
    assert rows[2].response is None and rows[2].error.code == 14, rows[2]
    assert job.name in [one.name for one in client.batches.list(config={"page_size": 1})]
    client.batches.delete(name=job.name)
    error = failure(errors.ClientError, lambda: client.batches.get(name=job.name))
    assert error.code == 404, error


def batches_by_file():
    rows = [
        {"key": key, "request": {"contents": [{"role": "user", "parts": [{"text": f"row {key}"}]}]}}
        for key in ("a", "b")
    ]
    rows.append({"key": "c", "request": {"contents": []}})
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    job = client.batches.create(model=MODEL, src=upload(lines, "application/jsonl").name)
    done = finished(job)
    assert done.state == types.JobState.JOB_STATE_SUCCEEDED, done
    content = client.files.download(file=done.dest.file_name).decode()
    results = {row["key"]: row for row in map(json.loads, content.splitlines())}
    for key in ("a", "b"):
        response = types.GenerateContentResponse.model_validate(results[key]["response"])
        assert f"row {key}" in response.text, response
    assert results["c"]["error"]["code"] == 3, results


def cancelled_batches():
    job = client.batches.create(model=MODEL, src=[types.InlinedRequest(contents="x")])
    client.batches.cancel(name=job.name)
    cancelled = client.batches.get(name=job.name)
    assert cancelled.state == types.JobState.JOB_STATE_CANCELLED and cancelled.done, cancelled


def asynchronous_calls():
    async def run():
        calls = [client.aio.models.generate_content(model=MODEL, contents=f"call {n}") for n in range(8)]
        answers = await asyncio.gather(*calls)
        assert all(f"call {n}" in answer.text for n, answer in enumerate(answers)), answers
        chunks = await client.aio.models.generate_content_stream(model=MODEL, contents=LONG)
        assert text_of([chunk async for chunk in chunks]) == ask(LONG).text

    asyncio.run(run())


CHECKS = [
    plain_text,
    streams,
    streams_in_pieces,
    pydantic_models,
    enums,
    schema_objects,
    thoughts,
    function_calls,
    chats,
    unknown_fields,
    refused_schemas,
    quotas,
    other_failures,
    retries,
    unfinished_answers,
    continuations,
    tokens_and_models,
    files,
    caches,
    inline_batches,
    batches_by_file,
    cancelled_batches,
    asynchronous_calls,
    *vertex_checks.CHECKS,
]

if __name__ == "__main__":
    print(f"google-genai {genai.__version__}, Python {sys.version.split()[0]}")
    for check in CHECKS:
        check()
        print(f"ok: {check.__name__}")
