// Shows an element only while a radio button of its form has a value: data-shown-for="document_type=passport".
function follow(element) {
  const [name, value] = element.dataset.shownFor.split("=");
  const form = element.closest("form");
  const show = () => {
    element.hidden = new FormData(form).get(name) !== value;
  };
  form.addEventListener("change", show);
  show();
}

for (const element of document.querySelectorAll("[data-shown-for]")) follow(element);
