"""Users: who runs what."""

from dataclasses import replace

from bigpandamon_core.payloads import user_page, user_v1, users
from bigpandamon_core.payloads.user import User
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.listing import v1_alike
from bigpandamon_core.sections.types import Access, NavItem, Parameter, Resource, Section

USERS = Resource(
    name="users",
    path="users/",
    help="Users with jobs in a window: how many in which state, on which queues.",
    access=Access.READ,
    build=users.Users,
    formats={"html": users.page, "json": users.compatible},
    template="bigpandamon/record.html",
    point="users",
    noun="jobs",
    parameters=(
        Parameter(
            "view",
            "For JSON: dynamic, or database, where programs know an empty array.",
            words=users.VIEWS,
        ),
    ),
    answer=schemas.array(schemas.OBJECT),
    needs=("jobs",),
)
V1_USERS = v1_alike(USERS, users.data, "users", parameters=(), answer=schemas.V1_RECORDS)
USER = Resource(
    name="user",
    path="user/<path:name>/",
    help="One user: tasks and jobs of the last days, how they fare, what was used.",
    access=Access.READ,
    build=User,
    formats={"html": user_page.shape, "json": user_page.compatible},
    template="bigpandamon/user.html",
    point="users",
    noun="tasks",
    parameters=(
        Parameter("name", "Part of the name, ignoring case.", where="path"),
        Parameter("view", "classic: the JSON of one user is that of lists of users.", words=("classic",)),
    ),
    answer=schemas.mapping(tasks=schemas.array(schemas.OBJECT)),
    needs=("jobs", "jedi"),
)
USER_BY_PARAMETER = replace(
    USER,
    name="user-by-parameter",
    path="user/",
    help="The same, the name as a parameter.",
    parameters=(Parameter("user", "Part of the name, ignoring case."), USER.parameters[1]),
    asks="user",
)
V1_USER = v1_alike(
    USER,
    user_v1.shape,
    "users/<path:name>",
    help="One user: jobs of the last days by state, what was used, quotas.",
    parameters=USER.parameters[:1],
)
SECTION = Section(
    "users", "Users", (USERS, V1_USERS, USER, USER_BY_PARAMETER, V1_USER), nav=(NavItem("Users", "users"),)
)
