// Menus are <details data-menu>: they open without this script; here they also close by Escape and by a click elsewhere.
const open = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A form that came back with errors: take the reader to the summary.
document.querySelector("[data-error-summary]")?.focus();

// On a narrow screen the current place may lie outside a scrolled navigation.
for (const place of document.querySelectorAll(":is(.mainnav, .dev-tabs, .dev-sections) a[aria-current]")) {
  place.scrollIntoView({ block: "nearest", inline: "center" });
}
