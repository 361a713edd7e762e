"""Tools that shout: capitals push a model to obey."""

from bartizan_sdk import RulePack, Server, Severity, evidence, finding, rule

# Letters from which a description counts as shouted and not as a name.
MIN_LETTERS = 20


def shouts(text: str) -> bool:
    """Whether all letters are capitals, and there are enough of them. Letters are those of ASCII."""
    capitals = sum("A" <= letter <= "Z" for letter in text)
    return capitals >= MIN_LETTERS and not any("a" <= letter <= "z" for letter in text)


@rule(
    id="{{rule}}",
    title="Tool description shouts",
    severity=Severity.LOW,
    help="A description in capitals pushes the model. Write it in plain words.",
)
def shouting(server: Server, _config):
    for tool in server.tools:
        text = tool.description or ""
        if shouts(text):
            yield finding(
                tool,
                "The whole description is in capitals.",
                evidence=[evidence("description", text, "/description")],
            )


pack = RulePack(rules=[shouting])
