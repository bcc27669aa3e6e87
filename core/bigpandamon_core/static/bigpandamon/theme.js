// As the system, light, dark. The choice is a cookie, so that the server writes the next page in it at once.

const order = ["auto", "light", "dark"];
const year = 365 * 24 * 3600;

export function next(button) {
  const root = document.documentElement;
  const theme = order[(order.indexOf(root.dataset.theme ?? "auto") + 1) % order.length];
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  const age = theme === "auto" ? 0 : year;
  document.cookie = `bigpandamon_theme=${theme}; path=/; max-age=${age}; samesite=lax`;
  button.setAttribute("aria-label", `Theme: ${theme}`);
  button.title = `Theme: ${theme === "auto" ? "as the system" : theme}`;
}
