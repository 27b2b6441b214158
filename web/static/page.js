"use strict";
// Comfort only: every page does without. Nothing is sent anywhere; places in stories stay in this browser.

const places = {
  key: (work) => `ficdex-place-${work}`,
  get(work) {
    try { return JSON.parse(localStorage.getItem(this.key(work))); } catch { return null; }
  },
  set(work, place) {
    try { localStorage.setItem(this.key(work), JSON.stringify(place)); } catch { /* full, or forbidden */ }
  },
};

/** Remembers how far a story was read, and goes on there. */
function remember(story) {
  const { work, page, pages } = story.dataset;
  const paragraphs = [...story.children];
  const known = places.get(work);
  if (known && known.page === page && !location.hash && paragraphs[known.paragraph] && known.paragraph > 0) {
    paragraphs[known.paragraph].scrollIntoView({ behavior: "instant", block: "start" });
  }
  let waiting = 0;
  const note = () => {
    waiting = 0;
    const at = paragraphs.findIndex((p) => p.getBoundingClientRect().bottom > 0);
    places.set(work, { page, pages, paragraph: Math.max(0, at), of: paragraphs.length });
  };
  addEventListener("scroll", () => { waiting ||= setTimeout(note, 250); }, { passive: true });
  addEventListener("pagehide", note);
  note();
}

/** On the page of a work: the way back to where its reader was. */
function resume(article) {
  const place = places.get(article.dataset.work);
  const link = article.querySelector(".resume");
  if (!link || !place || (place.page === "1" && place.paragraph === 0)) return;
  link.href += `/${place.page}`;
  const share = Math.round((100 * (Number(place.page) - 1 + place.paragraph / place.of)) / Number(place.pages));
  link.textContent = `Go on reading (${share} %)`;
  link.hidden = false;
}

function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Keys: what an element names in data-key; arrows turn pages; "/" goes to the search; Escape closes. */
function keys(event) {
  if (event.key === "Escape") {
    document.activeElement?.blur();
    document.querySelectorAll("details.edit[open]").forEach((one) => { one.open = false; });
    return;
  }
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const turn = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const wanted = turn
    ? document.querySelector(`a[rel="${turn}"]`)
    : document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (event.key === "/") {
    document.getElementById("q")?.focus();
    event.preventDefault();
  } else if (wanted) {
    event.preventDefault();
    if (wanted.matches("input, textarea")) wanted.focus();
    else wanted.click();
  }
}

/** A page that shows how something goes on looks again by itself. */
function refresh(part) {
  setTimeout(() => { if (!document.hidden) location.reload(); }, 1000 * Number(part.dataset.refresh));
}

document.querySelectorAll("[data-refresh]").forEach(refresh);
document.querySelectorAll(".story[data-work]").forEach(remember);
document.querySelectorAll(".work[data-work]").forEach(resume);
document.addEventListener("keydown", keys);
document.querySelectorAll("details.edit").forEach((one) => {
  one.addEventListener("toggle", () => { if (one.open) one.querySelector("input:not([type=hidden]), textarea")?.focus(); });
});
