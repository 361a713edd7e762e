/*
 * Write Bartizan rules in C.
 *
 * A rule is a function that looks at one server and reports findings; BARTIZAN_PACK says which rules there are. Read
 * bartizan_rule first, then bartizan_find. The contract's records are in the generated "rule_pack.h"; wit/types.wit says
 * what each member is.
 *
 * Everything in a server is hostile. Texts are not terminated by a zero byte and may hold one. Same input, same answer:
 * there is no clock, no randomness, no file and no network; what calls for one of them does not link to a component.
 *
 * Not for: the world outside the sandbox. No pointer that is handed out here outlives the call.
 */
#ifndef BARTIZAN_H
#define BARTIZAN_H

#include <stdbool.h>
#include <stddef.h>

#include "rule_pack.h"

/* A text of the server: `len` bytes of UTF-8 at `ptr`. */
typedef rule_pack_string_t bartizan_string;
/* A text that may be absent: look at `is_some` before `val`. */
typedef rule_pack_option_string_t bartizan_option_string;

typedef bartizan_plugin_types_server_t bartizan_server;
typedef bartizan_plugin_types_tool_t bartizan_tool;
typedef bartizan_plugin_types_prompt_t bartizan_prompt;
typedef bartizan_plugin_types_resource_t bartizan_resource;

/* How bad it is if a finding is true. */
typedef enum {
  BARTIZAN_INFO = BARTIZAN_PLUGIN_TYPES_SEVERITY_INFO,
  BARTIZAN_LOW = BARTIZAN_PLUGIN_TYPES_SEVERITY_LOW,
  BARTIZAN_MEDIUM = BARTIZAN_PLUGIN_TYPES_SEVERITY_MEDIUM,
  BARTIZAN_HIGH = BARTIZAN_PLUGIN_TYPES_SEVERITY_HIGH,
  BARTIZAN_CRITICAL = BARTIZAN_PLUGIN_TYPES_SEVERITY_CRITICAL,
} bartizan_severity;

/* How sure a rule is. What is left out is medium. */
typedef enum {
  BARTIZAN_MEDIUM_CONFIDENCE = 0,
  BARTIZAN_LOW_CONFIDENCE,
  BARTIZAN_HIGH_CONFIDENCE,
} bartizan_confidence;

/* The findings of one call. */
typedef struct bartizan_report bartizan_report;
/* One of them. */
typedef struct bartizan_plugin_types_finding_t bartizan_finding;

/* Looks at a server and reports what it finds. */
typedef void bartizan_check(const bartizan_server *server, bartizan_report *report);

/* A rule together with its function. Members that are left out are empty. */
typedef struct {
  /* Upper case, e.g. "ACME-001". */
  const char *id;
  const char *title;
  /* Markdown: what it is, why it matters, how to fix it. */
  const char *help;
  bartizan_severity severity;
  bartizan_confidence confidence;
  /* Ends with NULL. */
  const char *const *tags;
  bartizan_check *check;
} bartizan_rule;

/* The rules of the pack; once in a project, at file scope. */
#define BARTIZAN_PACK(...)                          \
  const bartizan_rule bartizan_rules[] = {__VA_ARGS__}; \
  const size_t bartizan_rule_count = sizeof bartizan_rules / sizeof bartizan_rules[0]

extern const bartizan_rule bartizan_rules[];
extern const size_t bartizan_rule_count;

/* What a finding is about: a server, or a thing that it listed. Its text is the server's: nothing is copied yet. */
typedef struct {
  const char *kind;
  bartizan_string name;
} bartizan_subject;

bartizan_subject bartizan_about_server(void);
bartizan_subject bartizan_about_tool(const bartizan_tool *tool);
bartizan_subject bartizan_about_prompt(const bartizan_prompt *prompt);
bartizan_subject bartizan_about_resource(const bartizan_resource *resource);

/* Reports a finding of the rule that is at work, with the rule's own severity and confidence. Copies the message. */
bartizan_finding *bartizan_find(bartizan_report *report, bartizan_subject about, const char *message);

/*
 * Adds a piece of what was judged. `pointer` is a JSON Pointer into the item as it was sent, or "". What is longer than the
 * host takes is cut at the end, between characters.
 */
void bartizan_evidence(bartizan_finding *finding, const char *label, bartizan_string text, const char *pointer);
/* Gives it another severity than the rule's. */
void bartizan_set_severity(bartizan_finding *finding, bartizan_severity severity);
/* Gives it another confidence than the rule's. */
void bartizan_set_confidence(bartizan_finding *finding, bartizan_confidence confidence);
/* Adds another thing that takes part. */
void bartizan_related(bartizan_finding *finding, bartizan_subject other);
/* Says what to do about this one in particular. */
void bartizan_remediation(bartizan_finding *finding, const char *text);

/* Ends the call without an answer, with the reason: an empty answer would mean clean. The first reason counts. */
void bartizan_give_up(bartizan_report *report, const char *why);

/* A C text as a text of the contract. Not copied. */
bartizan_string bartizan_text(const char *text);
/* The text, or an empty one. */
bartizan_string bartizan_or_empty(bartizan_option_string text);
/* Whether they are the same bytes. */
bool bartizan_equals(bartizan_string text, const char *other);

/*
 * Looks at a configuration, a JSON value, before it is used. A pack that takes one defines this and gives NULL, or a
 * sentence for the person who wrote it.
 */
const char *bartizan_configure(bartizan_string config);
/* The configuration that was taken; empty if there is none. */
bartizan_string bartizan_config(void);
/* JSON Schema (2020-12) of the configuration. A pack that takes one may define it. */
extern const char *const bartizan_config_schema;

#endif
