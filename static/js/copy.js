// A read-only field, or a piece of code, with a copy button. Without this script either can still be selected and copied.
function show(root) {
  root.querySelector("button").hidden = false;
}

function select(source) {
  if (source.select) source.select();
  else getSelection().selectAllChildren(source);
}

async function copy(root) {
  const source = root.querySelector("input, code");
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent);
  } catch {
    select(source);
    if (!document.execCommand("copy")) return;
  }
  if (root.dataset.copying) return;
  root.dataset.copying = "yes";
  const word = root.querySelector("button span");
  const before = word.textContent;
  word.textContent = root.querySelector("[role=status]").textContent = root.dataset.copyDone;
  setTimeout(() => {
    word.textContent = before;
    root.querySelector("[role=status]").textContent = "";
    delete root.dataset.copying;
  }, 2000);
}

function showAll() {
  document.querySelectorAll("[data-copy]").forEach(show);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy] button");
  if (button) copy(button.closest("[data-copy]"));
});
document.addEventListener("htmx:after:swap", showAll);
showAll();
