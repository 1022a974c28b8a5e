// The palette: Ctrl-K, "/" or a click on the search field; arrows choose, Enter goes, Esc closes and the focus returns.
"use strict";

class PaletteBox extends HTMLElement {
  connectedCallback() {
    this.dialog = this.closest("dialog");
    this.input = this.querySelector("input[name=q]");
    this.hits = this.querySelector("#palette-found");
    this.input.addEventListener("input", (event) => event.isComposing || this.ask());
    this.input.addEventListener("compositionend", () => this.ask());
    this.addEventListener("keydown", (event) => this.press(event));
    this.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    this.hits.addEventListener("htmx:afterSwap", () => this.arrived());
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      this.open();
    });
    document.addEventListener("click", (event) => {
      if (!event.target.closest?.("[data-palette]") || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.open();
    });
  }
  open() {
    if (document.querySelector("dialog[open]")) return;
    this.dialog.showModal();
    this.input.select();
    this.ask();
  }
  ask() {
    this.goes = false;
    this.input.dispatchEvent(new Event("palette:ask"));
  }
  get options() {
    return [...this.hits.querySelectorAll("[role=option]")];
  }
  get isFresh() {
    return this.hits.querySelector("[data-asked]")?.dataset.asked === this.input.value;
  }
  arrived() {
    const options = this.options;
    this.input.setAttribute("aria-expanded", String(options.length > 0));
    this.choose(options[0]);
    if (this.goes && this.isFresh) this.go();
  }
  choose(option) {
    for (const one of this.options) one.setAttribute("aria-selected", String(one === option));
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }
  go() {
    this.goes = false;
    const chosen = this.hits.querySelector("[aria-selected=true]");
    if (!chosen) return;
    this.dialog.close();
    chosen.click();
  }
  press(event) {
    // While an input method is composing, Enter, Esc and arrows belong to it.
    if (event.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const options = this.options;
      const here = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
      this.choose(options[(here + step + options.length) % options.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      // The answer to what was typed last may still be on its way: never go where an older answer leads.
      if (this.isFresh) this.go();
      else this.goes = true;
    }
  }
}
customElements.define("palette-box", PaletteBox);
