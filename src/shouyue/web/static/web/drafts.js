// <auto-draft> around a form: what is typed is kept on the server a moment later, also after signing in again.
"use strict";

const PAUSE_MS = 800, AGAIN_MS = 5000;

class AutoDraft extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form:not(.notice)");
    this.said = this.querySelector(":scope > [role=status]");
    this.form?.addEventListener("input", (event) => event.isComposing || this.plan(PAUSE_MS));
    this.form?.addEventListener("compositionend", () => this.plan(PAUSE_MS));
    this.form?.addEventListener("submit", () => clearTimeout(this.timer));
    this.onFocus = () => this.isWaiting && this.plan(0);
    window.addEventListener("focus", this.onFocus);
  }
  disconnectedCallback() {
    clearTimeout(this.timer);
    window.removeEventListener("focus", this.onFocus);
  }
  plan(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), pause);
  }
  async keep() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      const control = this.form.elements[name];
      // The page's own token is old once a person has signed in again; the header carries the new one.
      if (typeof value === "string" && name !== "csrfmiddlewaretoken" && control?.type !== "password") fields.append(name, value);
    }
    fields.append("draft-name", this.dataset.name);
    const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken() };
    const answer = await fetch(this.dataset.url, { method: "POST", body: fields, headers }).catch(() => null);
    const wasWaiting = this.isWaiting;
    this.isWaiting = !answer?.ok && answer?.status !== 413;
    if (answer?.ok) this.tell(this.dataset.kept.replace("{time}", new Date().toTimeString().slice(0, 5)));
    else if (answer?.status === 413) this.tell(this.dataset.large);
    else {
      this.tell(this.dataset.waits);
      this.plan(AGAIN_MS);
      if (answer?.status === 401 && !wasWaiting) document.dispatchEvent(new CustomEvent("shouyue:sign-in"));
    }
  }
  tell(words) {
    this.said.textContent = words;
  }
}
customElements.define("auto-draft", AutoDraft);
