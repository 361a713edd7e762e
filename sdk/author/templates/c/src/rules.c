/* Tools that shout: capitals push a model to obey. */
#include "bartizan.h"

/* Letters from which a description counts as shouted and not as a name. */
enum { MIN_LETTERS = 20 };

/* Whether all letters are capitals, and there are enough of them. Letters are those of ASCII. */
static bool shouts(bartizan_string text) {
  size_t capitals = 0;
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] >= 'a' && text.ptr[i] <= 'z') {
      return false;
    }
    capitals += text.ptr[i] >= 'A' && text.ptr[i] <= 'Z';
  }
  return capitals >= MIN_LETTERS;
}

static void shouting(const bartizan_server *server, bartizan_report *report) {
  for (size_t i = 0; i < server->tools.len; i++) {
    const bartizan_tool *tool = &server->tools.ptr[i];
    bartizan_string text = bartizan_or_empty(tool->description);
    if (shouts(text)) {
      bartizan_finding *finding =
          bartizan_find(report, bartizan_about_tool(tool), "The whole description is in capitals.");
      bartizan_evidence(finding, "description", text, "/description");
    }
  }
}

BARTIZAN_PACK({
    .id = "{{rule}}",
    .title = "Tool description shouts",
    .help = "A description in capitals pushes the model. Write it in plain words.",
    .severity = BARTIZAN_LOW,
    .check = shouting,
});
