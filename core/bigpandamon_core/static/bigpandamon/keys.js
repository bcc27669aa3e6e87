// Single keys: ? help, c copy link, g and a letter go to a section. Off while typing and by choice.

let going = 0;

export function press(key) {
  if (Date.now() - going < 1500) {
    going = 0;
    go(key);
    return;
  }
  if (key === "g") going = Date.now();
  if (key === "?") help();
  if (key === "c") document.querySelector("[data-copy]")?.click();
}

function go(letter) {
  const links = [...document.querySelectorAll(".nav a")];
  links.find((link) => link.textContent.trim().toLowerCase().startsWith(letter))?.click();
}

export function help() {
  const dialog = document.getElementById("help");
  const choice = dialog.querySelector("[data-keys]");
  choice.checked = localStorage.getItem("bigpandamon-keys") !== "off";
  choice.onchange = () => localStorage.setItem("bigpandamon-keys", choice.checked ? "on" : "off");
  dialog.showModal();
}
