// The colour choice. Tabler's own script in <head> reads the same key before the page is painted.
const KEY = "tabler-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

function stored() {
  try {
    return localStorage.getItem(KEY) ?? "auto";
  } catch {
    return "auto";
  }
}

function apply(choice) {
  const theme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
  if (theme === "dark") document.documentElement.setAttribute("data-bs-theme", "dark");
  else document.documentElement.removeAttribute("data-bs-theme");
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  }
}

function choose(choice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Private windows may refuse storage; the choice then holds for this page.
  }
  apply(choice);
}

for (const menu of document.querySelectorAll("[data-theme-menu]")) menu.hidden = false;
for (const button of document.querySelectorAll("[data-theme-choice]")) {
  button.addEventListener("click", () => choose(button.dataset.themeChoice));
}
dark.addEventListener("change", () => apply(stored()));
apply(stored());
