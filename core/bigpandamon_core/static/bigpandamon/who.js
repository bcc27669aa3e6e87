// Who is signed in, in the place of the link to sign in.

export async function tell(link) {
  const answer = await fetch(link.dataset.who);
  if (!answer.ok) return;
  const { account } = await answer.json();
  if (!account) return;
  link.textContent = account;
  link.title = "Your account";
  link.href = link.dataset.account;
}
