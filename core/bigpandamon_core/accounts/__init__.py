"""Accounts: who may sign in or send a token, what they may by their groups, and a record of what was done."""
