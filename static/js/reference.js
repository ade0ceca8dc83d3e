// Swagger's dark scheme is a class; it follows the choice made on our other pages.
const dark = matchMedia("(prefers-color-scheme: dark)");

function stored() {
  try {
    return localStorage.getItem("tabler-theme") ?? "auto";
  } catch {
    return "auto";
  }
}

function apply() {
  const choice = stored();
  document.documentElement.classList.toggle("dark-mode", choice === "auto" ? dark.matches : choice === "dark");
}

dark.addEventListener("change", apply);
apply();
