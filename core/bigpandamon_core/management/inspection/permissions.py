"""Who may read and write which files: the service what it needs, others no secrets."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from bigpandamon_core.config import Configuration
from bigpandamon_core.config.files import flat
from bigpandamon_core.management.inspection import Finding, folders, trouble, warning
from bigpandamon_core.management.inspection.folders import Person
from bigpandamon_core.plugin.loading import Seen, examine

SUBJECT = "permissions"
ENTER = os.W_OK | os.X_OK
NOT_ITS_OWNER = stat.S_IRWXG | stat.S_IRWXO


def findings(configuration: Configuration) -> Iterator[Finding]:
    user = folders.service(configuration)
    yield _who(configuration, user)
    for path in _read_files(configuration):
        yield from _read(path, user, folders.is_packaged(configuration))
    yield from _secret_switches(examine(configuration, disabled=True), user)
    yield from _key(configuration.get("web.secret_key_file"), user)
    for purpose, folder in folders.written(configuration):
        yield _written(purpose, folder, user)


def _who(configuration: Configuration, user: Person) -> Finding:
    owner = folders.owner_of_state(configuration)
    state = configuration.get("paths.state")
    if owner is not None and owner != user.uid:
        name = folders.person(owner).name
        text = f"looked at as {user.name}, but {state} belongs to {name}"
        return warning(SUBJECT, text, f"run it as {name}: `runuser -u {name} -- bigpandamon doctor`")
    if user.uid == 0 and folders.is_packaged(configuration):
        remedy = f"run it as the service's user: `runuser -u {folders.SERVICE} -- bigpandamon doctor`"
        return warning(SUBJECT, "looked at as root, who may do everything", remedy)
    return Finding(SUBJECT, f"looked at for {user.name}")


def _read_files(configuration: Configuration) -> Iterator[Path]:
    """What the service reads and an administrator writes, as far as it is there."""
    folder: Path = configuration.get("plugins.folder")
    switches = (switch.file for switch in configuration.switches.values())
    asked = (configuration.file, folder, *switches)
    return (path for path in asked if path is not None and os.path.exists(path))


def _read(path: Path, user: Person, packaged: bool) -> Iterator[Finding]:
    needed = os.R_OK | (os.X_OK if path.is_dir() else 0)
    mode = "0750" if path.is_dir() else "0640"
    if not user.may(path, needed):
        remedy = f"chgrp {folders.group_of(user)} {path} && chmod {mode} {path}"
        yield trouble(SUBJECT, f"{user.name} may not read {path}", remedy)
    if path.stat().st_mode & stat.S_IWOTH:
        yield trouble(SUBJECT, f"everybody may write to {path}", f"chmod o-w {path}")
    elif packaged and user.uid and user.may(path, os.W_OK):
        text = f"{user.name} may write to {path}, which only an administrator should"
        yield warning(SUBJECT, text, f"chown root {path} && chmod g-w {path}")


def _secret_switches(seen: Iterable[Seen], user: Person) -> Iterator[Finding]:
    for one in seen:
        if one.switch is None or one.plugin is None or not _others_read(one.switch.file):
            continue
        secret = {option.key for option in one.plugin.options if option.secret}
        written, _ = flat(one.switch.settings, secret, str(one.switch.file))
        if written:
            file = one.switch.file
            text = f"everybody can read {file}, which holds {', '.join(sorted(written))}"
            yield trouble(SUBJECT, text, f"chgrp {folders.group_of(user)} {file} && chmod 0640 {file}")


def _others_read(path: Path) -> bool:
    return bool(path.stat().st_mode & stat.S_IROTH)


def _key(path: Path, user: Person) -> Iterator[Finding]:
    if not os.path.exists(path):
        yield Finding(SUBJECT, f"{path} is made when a key is first needed")
        return
    state = path.stat()
    if state.st_mode & NOT_ITS_OWNER:
        yield trouble(SUBJECT, f"others than its owner may use the key in {path}", f"chmod 0600 {path}")
    if state.st_uid != user.uid:
        text = f"{path} belongs to {folders.person(state.st_uid).name}, not to {user.name}"
        yield trouble(SUBJECT, text, f"chown {user.name} {path}")


def _written(purpose: str, folder: Path, user: Person) -> Finding:
    """An absent folder is made when it is needed, if its user may."""
    there = folders.existing(folder)
    if there.is_dir() and user.may(there, ENTER):
        return Finding(SUBJECT, f"{user.name} may write {purpose} to {folder}")
    text = f"{user.name} may not write {purpose} to {folder}"
    group = folders.group_of(user)
    if there == folder and there.is_dir():
        return trouble(SUBJECT, text, f"chown -R {user.name}:{group} {folder} && chmod u+rwx {folder}")
    if not there.is_dir():
        return trouble(SUBJECT, f"{text}: {there} is no folder", f"move {there} away")
    return trouble(SUBJECT, text, f"install -d -o {user.name} -g {group} -m 0750 {folder}")
