// The inbox of the demo, a little quicker: codes copied with one click, the list renewed every two seconds. Without this file the page
// shows the same things and reloads itself.
"use strict";

const box = document.getElementById("messages");
const said = document.getElementById("said");
let shown = box.innerHTML.trim();

const showButtons = () => box.querySelectorAll("button[data-copy]").forEach((button) => { button.hidden = false; });

const copy = async (button) => {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = "Copié";
  said.textContent = `Code ${button.dataset.copy} copié`;
  setTimeout(() => { button.textContent = "Copier"; }, 1500);
};

const openDetails = () => new Map([...box.querySelectorAll("[data-id]")].map((item) => [item.dataset.id, item.querySelector("details").open]));

const renew = async () => {
  if (document.hidden || box.contains(document.activeElement)) return;
  const answer = await fetch(box.dataset.list, { credentials: "same-origin" });
  const fresh = answer.ok ? (await answer.text()).trim() : shown;
  if (fresh === shown) return;
  const open = openDetails();
  box.innerHTML = shown = fresh;
  box.querySelectorAll("[data-id]").forEach((item) => { if (open.has(item.dataset.id)) item.querySelector("details").open = open.get(item.dataset.id); });
  showButtons();
  said.textContent = "La liste des messages est à jour";
};

box.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (button) copy(button);
});
showButtons();
setInterval(() => renew().catch(() => {}), 2000);
