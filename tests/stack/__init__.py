"""The stack of an instance from the checkout: the files of etc/ with the places of a private folder."""
