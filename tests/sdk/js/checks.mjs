// The official JavaScript SDK, unmodified, against a running emulator.
//
// The address and the key come from the environment, as the SDK reads them. Prompts that start with
// `scenario:` are answered by a script. Each check prints one line; the first failure ends the run.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiError, FileState, FinishReason, GoogleGenAI, JobState, Type } from "@google/genai";

const MODEL = "gemini-3.8-flash";
const LONG = "Write about rivers, " + "and about the towns on their banks, ".repeat(12);
const UNICODE = "K\u00e4sek\u00fcche \u{1f370} line\u2028separator";

const client = new GoogleGenAI({
  apiKey: process.env.GEMINI_API_KEY,
  httpOptions: { baseUrl: process.env.GOOGLE_GEMINI_BASE_URL },
});

const ask = (contents, config) =>
  client.models.generateContent({ model: MODEL, contents, config });

const stream = async (contents, config) => {
  const chunks = [];
  for await (const chunk of await client.models.generateContentStream({ model: MODEL, contents, config })) {
    chunks.push(chunk);
  }
  return chunks;
};

const textOf = (chunks) => chunks.map((chunk) => chunk.text ?? "").join("");

const failure = async (call) => {
  try {
    await call();
  } catch (error) {
    return error;
  }
  assert.fail("the call did not fail");
};

// The SDK puts the body of the error into the message.
const detail = (error, name) => {
  const { details } = JSON.parse(error.message).error;
  return details.find((one) => one["@type"].endsWith(name)) ?? assert.fail(error.message);
};

// Nothing here takes longer than a second.
const waitFor = async (poll, isDone) => {
  let found;
  for (let times = 0; times < 200; times += 1) {
    found = await poll();
    if (isDone(found)) {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`not done: ${JSON.stringify(found)}`);
};

const upload = async (text, mimeType = "text/plain") => {
  const file = await client.files.upload({ file: new Blob([text], { type: mimeType }), config: { mimeType } });
  assert.equal(file.state, FileState.PROCESSING);
  const poll = () => client.files.get({ name: file.name });
  return waitFor(poll, ({ state }) => state === FileState.ACTIVE);
};

const finished = (job) => {
  const running = [JobState.JOB_STATE_PENDING, JobState.JOB_STATE_RUNNING];
  return waitFor(() => client.batches.get({ name: job.name }), ({ state }) => !running.includes(state));
};

const checks = {
  async plainText() {
    const response = await ask("Why is the sky blue?");
    assert.match(response.text, /Why is the sky blue\?/);
    assert.equal(response.candidates[0].finishReason, FinishReason.STOP);
    const usage = response.usageMetadata;
    assert.equal(usage.totalTokenCount, usage.promptTokenCount + usage.candidatesTokenCount);
    assert.match(response.modelVersion, /^emulated-/);
  },

  async streams() {
    const chunks = await stream(LONG);
    assert.ok(chunks.length > 2);
    const whole = await ask(LONG);
    assert.equal(textOf(chunks), whole.text);
    const last = chunks.at(-1);
    assert.equal(last.candidates[0].finishReason, FinishReason.STOP);
    assert.equal(last.usageMetadata.totalTokenCount, whole.usageMetadata.totalTokenCount);
  },

  async streamsInPieces() {
    for (const name of ["bytes", "characters", "line-ends", "random"]) {
      assert.equal(textOf(await stream(`scenario: split ${name}`)), UNICODE, name);
    }
    assert.equal(textOf(await stream("scenario: sparse")), "next to nothing");
  },

  async schemaObjects() {
    const responseSchema = {
      type: Type.ARRAY,
      minItems: 2,
      maxItems: 4,
      items: {
        type: Type.OBJECT,
        properties: {
          sku: { type: Type.STRING },
          quantity: { type: Type.INTEGER, minimum: 1, maximum: 9 },
          price: { type: Type.NUMBER, nullable: true },
        },
        required: ["sku", "quantity", "price"],
        propertyOrdering: ["sku", "quantity", "price"],
      },
    };
    const config = { responseMimeType: "application/json", responseSchema };
    const items = JSON.parse((await ask("Items", config)).text);
    assert.ok(items.length >= 2 && items.length <= 4);
    for (const item of items) {
      assert.deepEqual(Object.keys(item), ["sku", "quantity", "price"]);
      assert.ok(Number.isInteger(item.quantity) && item.quantity >= 1 && item.quantity <= 9);
    }
    assert.deepEqual(JSON.parse(textOf(await stream("Items", config))), items);
    const responseJsonSchema = {
      type: "object",
      properties: { pair: { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }] } },
      required: ["pair"],
      additionalProperties: false,
    };
    const pair = await ask("A pair", { responseMimeType: "application/json", responseJsonSchema });
    assert.deepEqual(Object.keys(JSON.parse(pair.text)), ["pair"]);
  },

  async enums() {
    const responseSchema = { type: Type.STRING, enum: ["Strings", "Woodwind", "Brass"] };
    const oboe = "What type of instrument is an oboe?";
    assert.equal((await ask(oboe, { responseMimeType: "text/x.enum", responseSchema })).text, "Woodwind");
    const json = await ask(oboe, { responseMimeType: "application/json", responseSchema });
    assert.equal(json.text, '"Woodwind"');
  },

  async thoughts() {
    const response = await ask("Think", { thinkingConfig: { includeThoughts: true } });
    assert.equal(response.candidates[0].content.parts[0].thought, true);
    assert.doesNotMatch(response.text, /thought/);
    assert.ok(response.usageMetadata.thoughtsTokenCount > 0);
  },

  async functionCalls() {
    const parameters = { type: Type.OBJECT, properties: { city: { type: Type.STRING } } };
    const tools = [{ functionDeclarations: [{ name: "get_weather", description: "The weather", parameters }] }];
    const [call] = (await ask("scenario: function call", { tools })).functionCalls;
    assert.deepEqual([call.id, call.name, call.args], ["c1", "get_weather", { city: "Lyon" }]);
  },

  async chats() {
    const chat = client.chats.create({ model: MODEL });
    assert.match((await chat.sendMessage({ message: "first" })).text, /first/);
    assert.match((await chat.sendMessage({ message: "second" })).text, /second/);
    assert.equal(chat.getHistory().length, 4);
  },

  async unknownFields() {
    const httpOptions = { extraBody: { generationConfig: { temprature: 1 } } };
    const error = await failure(() => ask("x", { httpOptions }));
    assert.ok(error instanceof ApiError);
    assert.equal(error.status, 400);
    const [violation] = detail(error, "BadRequest").fieldViolations;
    assert.equal(violation.field, "generation_config");
    assert.match(violation.description, /Unknown name "temprature"/);
  },

  async refusedSchemas() {
    const responseSchema = { type: Type.OBJECT, properties: {} };
    const config = { responseMimeType: "application/json", responseSchema };
    for (const call of [ask, stream]) {
      const error = await failure(() => call("x", config));
      assert.equal(error.status, 400);
      assert.match(error.message, /should be non-empty for OBJECT type/);
    }
  },

  async quotas() {
    const minute = await failure(() => ask("scenario: rate limited"));
    assert.equal(minute.status, 429);
    assert.equal(detail(minute, "RetryInfo").retryDelay, "2s");
    assert.match(detail(minute, "QuotaFailure").violations[0].quotaId, /PerMinute/);
    const day = await failure(() => ask("scenario: daily quota"));
    assert.match(detail(day, "QuotaFailure").violations[0].quotaId, /PerDay/);
  },

  async otherFailures() {
    const missing = await failure(() =>
      client.models.generateContent({ model: "gemini-no-such-model", contents: "x" }));
    assert.equal(missing.status, 404);
    assert.equal((await failure(() => ask("scenario: overloaded"))).status, 503);
    assert.equal((await failure(() => ask("scenario: html"))).status, 502);
    const error = await failure(() => stream("scenario: error in the stream"));
    assert.equal(error.status, 503);
    await failure(() => ask("scenario: disconnect"));
  },

  async retries() {
    const retryOptions = { attempts: 3, initialDelay: 0.01, maxDelay: 0.02 };
    const response = await ask("scenario: fails twice (javascript)", { httpOptions: { retryOptions } });
    assert.equal(response.text, "third time lucky");
  },

  async unfinishedAnswers() {
    assert.equal((await ask("scenario: blocked")).promptFeedback.blockReason, "SAFETY");
    for (const [name, reason] of [
      ["safety", FinishReason.SAFETY],
      ["recitation", FinishReason.RECITATION],
      ["max tokens", FinishReason.MAX_TOKENS],
    ]) {
      assert.equal((await ask(`scenario: ${name}`)).candidates[0].finishReason, reason);
    }
    assert.equal((await ask("scenario: nulls")).text, "nothing is null");
  },

  async tokensAndModels() {
    const counted = await client.models.countTokens({ model: MODEL, contents: "Why is the sky blue?" });
    const { usageMetadata } = await ask("Why is the sky blue?");
    assert.equal(counted.totalTokens, usageMetadata.promptTokenCount);
    const names = [];
    for await (const model of await client.models.list({ config: { pageSize: 1 } })) {
      names.push(model.name);
    }
    assert.ok(names.length > 1 && names.includes(`models/${MODEL}`), String(names));
    assert.ok((await client.models.get({ model: MODEL })).inputTokenLimit > 0);
  },

  async files() {
    const file = await upload("hello");
    assert.deepEqual([file.sizeBytes, file.mimeType], ["5", "text/plain"]);
    const fileData = { fileUri: file.uri, mimeType: file.mimeType };
    const contents = [{ role: "user", parts: [{ text: "Sum up." }, { fileData }] }];
    const { usageMetadata } = await ask(contents);
    assert.ok(usageMetadata.promptTokenCount > 200);
    const counted = await client.models.countTokens({ model: MODEL, contents });
    assert.equal(counted.totalTokens, usageMetadata.promptTokenCount);
    const large = await upload("x".repeat(9 * 1024 * 1024));
    assert.equal(large.sizeBytes, String(9 * 1024 * 1024));
    const names = [];
    for await (const one of await client.files.list({ config: { pageSize: 1 } })) {
      names.push(one.name);
    }
    assert.ok(names.includes(file.name) && names.includes(large.name), String(names));
    await client.files.delete({ name: file.name });
    assert.equal((await failure(() => client.files.get({ name: file.name }))).status, 403);
    assert.equal((await failure(() => ask(contents))).status, 403);
  },

  async caches() {
    const config = { systemInstruction: "Long rules. ".repeat(2000), ttl: "600s", displayName: "rules" };
    const cache = await client.caches.create({ model: MODEL, config });
    assert.equal(cache.displayName, "rules");
    const { usageMetadata } = await ask("Obey.", { cachedContent: cache.name });
    assert.equal(usageMetadata.cachedContentTokenCount, cache.usageMetadata.totalTokenCount);
    const updated = await client.caches.update({ name: cache.name, config: { ttl: "3600s" } });
    assert.ok(updated.expireTime > cache.expireTime);
    assert.equal((await client.caches.get({ name: cache.name })).expireTime, updated.expireTime);
    const names = [];
    for await (const one of await client.caches.list()) {
      names.push(one.name);
    }
    assert.ok(names.includes(cache.name));
    await client.caches.delete({ name: cache.name });
    assert.equal((await failure(() => ask("x", { cachedContent: cache.name }))).status, 403);
    const small = { systemInstruction: "short" };
    const error = await failure(() => client.caches.create({ model: MODEL, config: small }));
    assert.match(error.message, /Cached content is too small/);
  },

  async inlineBatches() {
    const src = [
      { contents: [{ role: "user", parts: [{ text: "first" }] }], metadata: { key: "a" } },
      { contents: [{ role: "user", parts: [{ text: "scenario: overloaded" }] }], metadata: { key: "b" } },
    ];
    const job = await client.batches.create({ model: MODEL, src, config: { displayName: "job" } });
    assert.equal(job.state, JobState.JOB_STATE_PENDING);
    const done = await finished(job);
    assert.equal(done.state, JobState.JOB_STATE_SUCCEEDED);
    const [first, second] = done.dest.inlinedResponses;
    assert.match(first.response.candidates[0].content.parts[0].text, /first/);
    assert.equal(second.error.code, 14);
    const names = [];
    for await (const one of await client.batches.list({ config: { pageSize: 1 } })) {
      names.push(one.name);
    }
    assert.ok(names.includes(job.name));
    await client.batches.delete({ name: job.name });
    assert.equal((await failure(() => client.batches.get({ name: job.name }))).status, 404);
  },

  async batchesByFile() {
    const row = (key) => ({ key, request: { contents: [{ parts: [{ text: `row ${key}` }] }] } });
    const lines = ["a", "b"].map((key) => `${JSON.stringify(row(key))}\n`).join("");
    const file = await upload(lines, "application/jsonl");
    const done = await finished(await client.batches.create({ model: MODEL, src: file.name }));
    assert.equal(done.state, JobState.JOB_STATE_SUCCEEDED);
    const folder = await mkdtemp(join(tmpdir(), "gemini-sdk-"));
    const downloadPath = join(folder, "responses.jsonl");
    await client.files.download({ file: done.dest.fileName, downloadPath });
    const results = (await readFile(downloadPath, "utf8")).trim().split("\n").map((line) => JSON.parse(line));
    await rm(folder, { recursive: true });
    assert.deepEqual(results.map(({ key }) => key), ["a", "b"]);
    assert.match(results[1].response.candidates[0].content.parts[0].text, /row b/);
  },

  async cancelledBatches() {
    const src = [{ contents: [{ parts: [{ text: "x" }] }] }];
    const job = await client.batches.create({ model: MODEL, src });
    await client.batches.cancel({ name: job.name });
    assert.equal((await client.batches.get({ name: job.name })).state, JobState.JOB_STATE_CANCELLED);
  },
};

console.log(`@google/genai, Node ${process.version}`);
for (const [name, check] of Object.entries(checks)) {
  await check();
  console.log(`ok: ${name}`);
}
