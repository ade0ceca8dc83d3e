// Shows an element only while a radio button of its form has one of some values:
// data-shown-for="document_type=passport,taiwan_permit".
function follow(element) {
  const [name, values] = element.dataset.shownFor.split("=");
  const form = element.closest("form");
  const show = () => {
    element.hidden = !values.split(",").includes(new FormData(form).get(name) ?? "");
  };
  form.addEventListener("change", show);
  show();
}

for (const element of document.querySelectorAll("[data-shown-for]")) follow(element);
