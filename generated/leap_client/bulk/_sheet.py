# Generated from openapi.yaml by `make generate`. Do not edit.
"""The contact sheet: a page that works offline, however many images there are.

The rows are in scripts of some hundred each, which the page loads when it shows them: a page that was opened from a
disk may load scripts, but no data. Only the images in view are loaded.
"""

from __future__ import annotations

import html
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import _files

CHUNK = 500
FOLDER = "sheet"


class Sheet:
    """Writes the contact sheet of a run, row by row.

    Args:
        folder: Where the files of the jobs are.
        title: What the rows were read from.
        first: The fields to show first.
    """

    def __init__(self, folder: Path, title: str, first: Sequence[str] = ()) -> None:
        self._folder = folder
        self._title = title
        self._first = first
        self._rows: list[list[Any]] = []
        self._chunks = self._count = 0
        self._new = folder / f".{FOLDER}.new"
        shutil.rmtree(self._new, ignore_errors=True)
        self._new.mkdir(parents=True)

    def add(self, line: dict[str, Any]) -> None:
        """Add the row of a line of the journal."""
        state = line["t"] if line["t"] in {"done", "failed"} else "unknown"
        request = line["request"]
        order = [*(name for name in self._first if name in request), *(each for each in request)]
        fields = {name: request[name] for name in order}
        self._rows.append([line["key"], state, fields, line.get("files", []), line.get("error", "")])
        self._count += 1
        if len(self._rows) == CHUNK:
            self._flush()

    def _flush(self) -> None:
        # What a row holds must end neither the script nor a line of it.
        data = json.dumps(self._rows).replace("<", "\\u003c")
        (self._new / f"{self._chunks}.js").write_text(f"rows({self._chunks},{data})\n", "utf-8")
        self._chunks += 1
        self._rows = []

    def close(self) -> None:
        """Put the sheet in its place."""
        if self._rows:
            self._flush()
        shutil.rmtree(self._folder / FOLDER, ignore_errors=True)
        self._new.rename(self._folder / FOLDER)
        page = PAGE.replace("{title}", html.escape(self._title)).replace("{count}", str(self._count))
        _files.write(self._folder / "index.html", page.replace("{chunk}", str(CHUNK)))


PAGE = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root { color-scheme: light dark; }
body { font: 14px/1.4 system-ui, sans-serif; margin: 0; }
header { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .6rem; align-items: center;
  padding: .6rem 1rem; background: Canvas; border-bottom: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); }
h1 { font-size: 1rem; margin: 0 auto 0 0; }
input, select, button { font: inherit; padding: .25rem .5rem; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 1rem; padding: 1rem; }
article { border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); border-radius: 6px; overflow: hidden; }
.images { display: flex; flex-wrap: wrap; background: color-mix(in srgb, CanvasText 8%, Canvas); min-height: 8rem; }
.images a { flex: 1 1 45%; } .images img { width: 100%; aspect-ratio: 1; object-fit: cover; display: block; }
.text { padding: .5rem .7rem; overflow-wrap: anywhere; }
.text p { margin: 0 0 .3rem; overflow: hidden;
  display: -webkit-box; -webkit-line-clamp: 4; -webkit-box-orient: vertical; }
small { color: color-mix(in srgb, CanvasText 65%, Canvas); display: block; }
.failed b { color: #c62828; } .unknown b { color: #b26a00; } .done b { color: #2e7d32; }
</style>
<header>
<h1>{title}</h1>
<input id="words" type="search" placeholder="Filter: words or key" aria-label="Filter" size="28">
<select id="state" aria-label="State">
<option value="">all states</option><option>done</option><option>failed</option><option>unknown</option>
</select>
<button id="before">Previous</button><span id="where" role="status"></span><button id="after">Next</button>
</header>
<main></main>
<script>
"use strict";
const COUNT = {count}, CHUNK = {chunk}, PAGE = 100;
const chunks = [], pending = {}, arrived = {}, main = document.querySelector("main");
const words = document.getElementById("words"), state = document.getElementById("state");
const where = document.getElementById("where");
const before = document.getElementById("before"), after = document.getElementById("after");
let found = null, page = 0, search = 0;

function rows(number, data) { chunks[number] = data; arrived[number](); }

function load(number) {
  return pending[number] ??= new Promise((done, fail) => {
    const script = document.createElement("script");
    arrived[number] = () => { script.remove(); done(); };
    script.onerror = () => {
      script.remove();
      delete pending[number];
      fail(new Error(`sheet/${number}.js cannot be read`));
    };
    script.src = `sheet/${number}.js`;
    document.head.append(script);
  });
}

function element(name, text, parent) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (parent) parent.append(made);
  return made;
}

function card([key, state, fields, files, error]) {
  const article = element("article");
  article.className = state;
  const images = element("div", undefined, article);
  images.className = "images";
  for (const file of files) {
    const link = element("a", undefined, images), image = element("img", undefined, link);
    link.href = image.src = `${encodeURIComponent(key)}/${encodeURIComponent(file)}`;
    image.loading = "lazy";
    image.decoding = "async";
    image.alt = "";
  }
  const text = element("div", undefined, article), [first, ...others] = Object.entries(fields);
  text.className = "text";
  element("p", first ? String(first[1]) : "", text).title = first ? String(first[1]) : "";
  element("b", state, text);
  if (error) element("small", error, text);
  for (const [name, value] of others) element("small", `${name}: ${value}`, text);
  element("small", key, text);
  return article;
}

function matches([key, its, fields, , error]) {
  if (state.value && its !== state.value) return false;
  const text = `${key} ${Object.values(fields).join(" ")} ${error}`.toLowerCase();
  return words.value.toLowerCase().split(/\\s+/).every((word) => text.includes(word));
}

async function filter() {
  const mine = ++search;
  page = 0;
  found = null;
  if (words.value.trim() || state.value) {
    found = [];
    for (let number = 0; number * CHUNK < COUNT; number++) {
      await load(number);
      if (mine !== search) return;
      chunks[number].forEach((row, at) => { if (matches(row)) found.push(number * CHUNK + at); });
      where.textContent = `searching: ${found.length} found`;
    }
  }
  await show();
}

async function show() {
  const mine = search, shownPage = page, total = found ? found.length : COUNT, list = [];
  for (let at = page * PAGE; at < Math.min(total, (page + 1) * PAGE); at++) list.push(found ? found[at] : at);
  for (const number of new Set(list.map((index) => Math.floor(index / CHUNK)))) await load(number);
  if (mine !== search || shownPage !== page) return;
  main.replaceChildren(...list.map((index) => card(chunks[Math.floor(index / CHUNK)][index % CHUNK])));
  where.textContent = total ? `${page * PAGE + 1} to ${page * PAGE + list.length} of ${total}` : "nothing found";
  before.disabled = page === 0;
  after.disabled = (page + 1) * PAGE >= total;
  scrollTo(0, 0);
}

const report = (error) => { where.textContent = error.message; };
let typing;
words.oninput = () => { clearTimeout(typing); typing = setTimeout(() => filter().catch(report), 200); };
state.onchange = () => filter().catch(report);
before.onclick = () => { page--; show().catch(report); };
after.onclick = () => { page++; show().catch(report); };
show().catch(report);
</script>
</html>
"""
