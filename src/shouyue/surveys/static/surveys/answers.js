// The answer page: each answer is kept on the phone at once and on the server as soon as there is a network.
"use strict";

const AGAIN_MS = 4000, PAUSE_MS = 400, PICTURE_PX = 1600, LARGE_BYTES = 3 << 20;
const HERE = location.origin + location.pathname;

// What this phone has not sent yet, and what it sent since the page was loaded: one row for each question.
class Waiting {
  open() {
    this.database ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open("shouyue-answers", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("rows", { keyPath: ["page", "code"] });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return this.database;
  }
  async act(mode, work) {
    const rows = (await this.open()).transaction("rows", mode).objectStore("rows");
    return new Promise((resolve, reject) => {
      const asked = work(rows);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }
  all() {
    return this.act("readonly", (rows) => rows.getAll(IDBKeyRange.bound([HERE], [HERE, []])));
  }
  put(row) {
    return this.act("readwrite", (rows) => rows.put({ page: HERE, ...row }));
  }
  // What was said again meanwhile stays waiting.
  async settle(row, at) {
    const now = await this.act("readonly", (rows) => rows.get([HERE, row.code]));
    if (now?.turn === row.turn) await this.put({ ...row, file: undefined, keptAt: at });
  }
  forget() {
    return this.act("readwrite", (rows) => rows.delete(IDBKeyRange.bound([HERE], [HERE, []])));
  }
}

const waiting = new Waiting();

async function tellWorker(message) {
  const worker = await navigator.serviceWorker?.ready;
  worker?.active?.postMessage({ page: HERE, ...message });
}

class AnswerSheet extends HTMLElement {
  async connectedCallback() {
    this.form = this.querySelector("form");
    this.asks = [...this.querySelectorAll(".ask")];
    this.said = this.querySelector(".kept");
    this.isStepped = Boolean(this.dataset.stepped);
    // Nothing leaves the phone before the sheet is sent: on the server it would lie beside a name.
    this.isAnonymous = Boolean(this.dataset.anonymous);
    this.turn = 0;
    this.form.addEventListener("input", (event) => this.changed(event));
    this.form.addEventListener("submit", (event) => this.send(event));
    this.form.addEventListener("keydown", (event) => this.onKey(event));
    this.addEventListener("click", (event) => this.move(event));
    window.addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => this.flush());
    await this.restore();
    this.refresh();
    this.goTo(this.firstOpen());
    this.dataset.ready = "1";
    this.flush();
    navigator.serviceWorker?.register("/a/sw.js", { scope: "/a/" }).then(() => this.keepPage()).catch(() => undefined);
  }
  keepPage() {
    const parts = [...document.querySelectorAll("link[rel=stylesheet], script[src], .ask img")];
    return tellWorker({ keep: parts.map((part) => part.href || part.src) });
  }

  // What the phone knows better than the page: not sent yet, or sent after the page was made.
  async restore() {
    const rows = await waiting.all().catch(() => []);
    for (const row of rows) {
      const isOnServer = row.keptAt && row.keptAt <= Number(this.dataset.loaded) && !this.isAnonymous;
      if (row.code === "" || isOnServer) continue;
      const ask = this.asks.find((one) => one.dataset.code === row.code);
      if (ask) this.fill(ask, row);
    }
  }
  fill(ask, row) {
    if (ask.dataset.kind === "file") {
      ask.querySelector("input").dataset.given = "1";
      ask.querySelector("[data-file]").textContent = row.keptAt ? this.dataset.fileKept : this.dataset.fileWaits;
      return;
    }
    for (const control of ask.querySelectorAll("input, select, textarea")) {
      const values = row.fields.filter(([name]) => name === control.name).map(([, value]) => value);
      if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
      else control.value = values[0] ?? "";
    }
  }

  fieldsOf(ask) {
    const fields = [];
    for (const control of ask.querySelectorAll("input, select, textarea")) {
      const isChoice = control.type === "radio" || control.type === "checkbox";
      if (control.type !== "file" && (!isChoice || control.checked) && control.value.trim()) fields.push([control.name, control.value]);
    }
    return fields;
  }
  isAnswered(ask) {
    if (ask.dataset.kind === "file") return Boolean(ask.querySelector("input").dataset.given);
    const rows = ask.querySelectorAll(".matrix-row").length;
    return this.fieldsOf(ask).length >= Math.max(1, rows);
  }
  asked() {
    return this.asks.filter((ask) => !ask.dataset.off);
  }

  // Which questions these answers lead to, and the words of earlier answers in them.
  refresh() {
    const open = new Set();
    for (const ask of this.asks) {
      const { code, after, least, most, among } = ask.dataset;
      let isAsked = !after;
      if (after && open.has(after)) {
        const values = this.fieldsOf(this.asks.find((one) => one.dataset.code === after)).map(([, value]) => value);
        const codes = among.split(" ").filter(Boolean);
        isAsked = values.some((value) => (codes.length ? codes.includes(value) : Number(value) >= Number(least) && Number(value) <= Number(most)));
      }
      if (isAsked) open.add(code);
      const isBack = isAsked && ask.dataset.off && this.dataset.ready && this.fieldsOf(ask).length;
      if (isAsked) delete ask.dataset.off;
      else ask.dataset.off = "1";
      // The server lets go of what is no longer asked; once it is asked again it has to hear it again.
      if (isBack) this.keep(ask);
    }
    for (const pipe of this.querySelectorAll("[data-pipe]")) {
      const source = this.asks.find((one) => one.dataset.code === pipe.dataset.pipe);
      const chosen = [...source.querySelectorAll("input:checked + span")].map((one) => one.textContent.trim());
      const comma = document.documentElement.lang.startsWith("zh") ? "、" : ", ";
      pipe.textContent = chosen.join(comma) || this.fieldsOf(source)[0]?.[1] || "…";
    }
    const asked = this.asked();
    const done = asked.filter((ask) => this.isAnswered(ask)).length;
    const steps = this.querySelector(".steps");
    steps.hidden = false;
    steps.querySelector("progress").max = asked.length;
    steps.querySelector("progress").value = done;
    steps.querySelector("span").textContent = `${done} / ${asked.length}`;
    this.place();
  }

  // One question a screen.
  firstOpen() {
    return this.asked().find((ask) => !this.isAnswered(ask)) ?? this.asked().at(-1);
  }
  goTo(ask, isFocused = false) {
    this.current = ask;
    this.place();
    if (!isFocused || !ask) return;
    ask.scrollIntoView({ block: this.isStepped ? "nearest" : "center" });
    (ask.querySelector("input:checked") ?? ask.querySelector("input, select, textarea"))?.focus();
  }
  place() {
    const asked = this.asked();
    if (!asked.includes(this.current)) this.current = asked[0];
    const at = asked.indexOf(this.current), isLast = at === asked.length - 1;
    for (const ask of this.asks) ask.hidden = Boolean(ask.dataset.off) || (this.isStepped && ask !== this.current);
    const [back, next] = this.querySelectorAll("[data-move]");
    back.hidden = !this.isStepped || at === 0;
    next.hidden = !this.isStepped || isLast;
    this.querySelector("[data-send]").hidden = this.isStepped && !isLast;
  }
  move(event) {
    const step = Number(event.target.closest?.("[data-move]")?.dataset.move ?? 0);
    if (!step) return;
    if (step > 0 && this.current.hasAttribute("data-required") && !this.isAnswered(this.current)) {
      this.refuse(this.current, this.dataset.needed);
      return;
    }
    this.goTo(this.asked()[this.asked().indexOf(this.current) + step], true);
  }
  onKey(event) {
    // Enter in a field goes on; it does not send what is not complete.
    if (event.key !== "Enter" || event.isComposing || event.target.matches("textarea, button, [type=file]")) return;
    event.preventDefault();
    const next = this.querySelector('[data-move="1"]');
    if (!next.hidden) next.click();
  }

  changed(event) {
    const ask = event.target.closest(".ask");
    if (!ask) return;
    if (event.target.type === "file") return void this.keepFile(ask, event.target);
    if (ask.dataset.kind === "ranking") this.swap(ask, event.target);
    this.accept(ask);
    this.refresh();
    this.keep(ask, event.target.matches("textarea, [type=number], [type=date]") ? PAUSE_MS : 0);
  }
  // A place that another choice had goes to it in exchange.
  swap(ask, chosen) {
    const before = chosen.dataset.before ?? "";
    for (const other of ask.querySelectorAll("select")) {
      if (other !== chosen && chosen.value && other.value === chosen.value) other.value = before;
      other.dataset.before = other.value;
    }
  }
  // On the phone with every letter, on the server once somebody pauses.
  async keep(ask, pause = 0) {
    await waiting.put({ code: ask.dataset.code, fields: this.fieldsOf(ask), turn: `${Date.now()}.${++this.turn}` }).catch(() => undefined);
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.flush(), pause);
  }
  async keepFile(ask, input) {
    if (!input.files.length) return;
    const file = await smaller(input.files[0]);
    this.accept(ask);
    input.dataset.given = "1";
    ask.querySelector("[data-file]").textContent = this.dataset.fileWaits;
    await waiting.put({ code: ask.dataset.code, fields: [], file, name: input.files[0].name, turn: `${Date.now()}.${++this.turn}` });
    this.refresh();
    await this.flush();
  }

  refuse(ask, words) {
    const why = ask.querySelector(".error");
    why.textContent = words;
    why.hidden = false;
    ask.dataset.refused = "1";
    this.goTo(ask, true);
  }
  accept(ask) {
    ask.querySelector(".error").hidden = true;
    delete ask.dataset.refused;
  }

  async send(event) {
    event.preventDefault();
    clearTimeout(this.typing);
    const lacking = this.asked().find((ask) => ask.hasAttribute("data-required") && !this.isAnswered(ask));
    if (lacking) return this.refuse(lacking, this.dataset.needed);
    await waiting.put({ code: "", fields: [], turn: `${Date.now()}` });
    this.flush();
  }

  // One batch at a time; whoever comes meanwhile waits for the next.
  flush() {
    this.going = (this.going ?? Promise.resolve()).then(() => this.deliver()).catch(() => this.wait());
    return this.going;
  }
  async deliver() {
    clearTimeout(this.again);
    const rows = (await waiting.all()).filter((row) => !row.keptAt || (this.isAnonymous && row.code));
    const isSent = rows.some((row) => row.code === "");
    const files = rows.filter((row) => row.file), words = rows.filter((row) => row.code && !row.file);
    if (!rows.length) return;
    if (this.isAnonymous && !isSent) {
      this.said.textContent = this.dataset.kept;
      return;
    }
    for (const row of files) {
      const form = new FormData();
      form.append("file", row.file, row.name);
      const answer = await this.post(this.dataset.files.replace(/code$/, row.code), form, [row]);
      const ask = this.asks.find((one) => one.dataset.code === row.code);
      if (answer) ask.querySelector("[data-file]").textContent = this.dataset.fileKept;
    }
    if (!words.length && !isSent) return;
    const form = new URLSearchParams();
    for (const row of words) {
      form.append("question", row.code);
      for (const [name, value] of row.fields) form.append(name, value);
    }
    if (isSent) form.append("send", "1");
    const answer = await this.post(this.dataset.keep, form, rows.filter((row) => !row.file));
    if (answer?.sent) {
      await waiting.forget();
      location.replace(HERE);
    }
  }
  async post(url, body, rows) {
    const answer = await fetch(url, { method: "POST", body });
    if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
    if (answer.status === 404 || answer.status === 410) {
      await waiting.forget();
      location.replace(HERE);
      return null;
    }
    const told = await answer.json();
    for (const row of rows) await waiting.settle(row, told.at ?? Number.MAX_SAFE_INTEGER);
    // A sheet that was not taken is not sent: it waits for the next press of the button.
    if (!answer.ok) await waiting.act("readwrite", (kept) => kept.delete([HERE, ""]));
    for (const [code, words] of Object.entries(told.faults ?? {})) {
      const ask = this.asks.find((one) => one.dataset.code === code);
      if (ask) this.refuse(ask, words);
    }
    if (!answer.ok) return null;
    this.said.textContent = this.dataset.kept;
    return told;
  }
  async wait() {
    const rows = await waiting.all().catch(() => []);
    const isSent = rows.some((row) => row.code === "" && !row.keptAt);
    this.said.textContent = isSent ? this.dataset.waitsSend : this.dataset.waits;
    clearTimeout(this.again);
    this.again = setTimeout(() => this.flush(), AGAIN_MS);
  }
}

// A picture of a phone has 12 million points; the survey needs to see what is on it.
async function smaller(file) {
  if (file.size <= LARGE_BYTES || !file.type.startsWith("image/")) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, PICTURE_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), "image/jpeg", 0.85));
  } catch {
    return file;
  }
}

// The end: nothing of the answers stays on the phone.
class AnswerDone extends HTMLElement {
  connectedCallback() {
    waiting.forget().catch(() => undefined);
    tellWorker({ forget: true });
  }
}

customElements.define("answer-sheet", AnswerSheet);
customElements.define("answer-done", AnswerDone);
