/* The layer between the generated bindings and a pack. "bartizan.h" says what an author needs of it. */
#include "bartizan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bartizan_project.h"

/* What the host takes; the contract says so. Some room is left for the finding that tells of the rest. */
enum { MAX_EVIDENCE = 4096, MAX_FINDINGS = 1000, MAX_BYTES = (1 << 20) - (16 << 10) };

struct bartizan_report {
  const bartizan_rule *rule;
  /* Each is allocated on its own, so that the author's pointers stay good. */
  bartizan_finding **findings;
  size_t count;
  size_t room;
  const char *failure;
};

static bartizan_string the_config;

__attribute__((weak)) const char *const bartizan_config_schema = "";

__attribute__((weak)) const char *bartizan_configure(bartizan_string config) {
  (void)config;
  return "this component takes no configuration";
}

/* ---- memory: what is handed out is freed by the generated code ---- */

static void *more(void *old, size_t count, size_t size) {
  void *memory = size != 0 && count > SIZE_MAX / size ? NULL : realloc(old, count * size);
  if (memory == NULL) {
    /* Without memory there is no answer; an empty one would mean clean. */
    __builtin_trap();
  }
  return memory;
}

/* Length of the UTF-8 sequence at this place, or 0 if there is none (RFC 3629). */
static size_t sequence(const uint8_t *at, size_t left) {
  uint8_t low = 0x80, high = 0xbf;
  size_t length = at[0] < 0x80 ? 1 : at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : at[0] < 0xf5 ? 4 : 0;
  if (length == 0 || length > left) {
    return 0;
  }
  if (at[0] == 0xe0) low = 0xa0;
  if (at[0] == 0xed) high = 0x9f;
  if (at[0] == 0xf0) low = 0x90;
  if (at[0] == 0xf4) high = 0x8f;
  for (size_t i = 1; i < length; i++) {
    if (at[i] < low || at[i] > high) {
      return 0;
    }
    low = 0x80, high = 0xbf;
  }
  return length;
}

/* A copy of at most `max` bytes of well-formed UTF-8: what is not becomes U+FFFD, as half a character would by a cut. */
static rule_pack_string_t copy(bartizan_string text, size_t max) {
  rule_pack_string_t out = {NULL, 0};
  if (text.len == 0) {
    return out;
  }
  size_t room = text.len > max / 3 ? max : text.len * 3;
  out.ptr = more(NULL, room, 1);
  for (size_t at = 0; at < text.len;) {
    size_t length = sequence(text.ptr + at, text.len - at);
    const uint8_t *from = length == 0 ? (const uint8_t *)"\xef\xbf\xbd" : text.ptr + at;
    size_t width = length == 0 ? 3 : length;
    if (out.len + width > room) {
      break;
    }
    memcpy(out.ptr + out.len, from, width);
    out.len += width;
    at += length == 0 ? 1 : length;
  }
  return out;
}

static rule_pack_string_t copy_text(const char *text) {
  return copy(bartizan_text(text), SIZE_MAX);
}

/* ---- texts ---- */

bartizan_string bartizan_text(const char *text) {
  bartizan_string out = {(uint8_t *)(uintptr_t)text, text == NULL ? 0 : strlen(text)};
  return out;
}

bartizan_string bartizan_or_empty(bartizan_option_string text) {
  return text.is_some ? text.val : bartizan_text("");
}

bool bartizan_equals(bartizan_string text, const char *other) {
  size_t length = strlen(other);
  return text.len == length && (length == 0 || memcmp(text.ptr, other, length) == 0);
}

/* ---- findings ---- */

bartizan_subject bartizan_about_server(void) {
  return (bartizan_subject){"server", bartizan_text("")};
}

bartizan_subject bartizan_about_tool(const bartizan_tool *tool) {
  return (bartizan_subject){"tool", tool->name};
}

bartizan_subject bartizan_about_prompt(const bartizan_prompt *prompt) {
  return (bartizan_subject){"prompt", prompt->name};
}

bartizan_subject bartizan_about_resource(const bartizan_resource *resource) {
  return (bartizan_subject){resource->is_template ? "resource-template" : "resource", resource->uri};
}

static bartizan_plugin_types_subject_t subject(bartizan_subject about) {
  return (bartizan_plugin_types_subject_t){copy_text(about.kind), copy(about.name, SIZE_MAX)};
}

bartizan_finding *bartizan_find(bartizan_report *report, bartizan_subject about, const char *message) {
  if (report->count == report->room) {
    report->room = report->room == 0 ? 16 : report->room * 2;
    report->findings = more(report->findings, report->room, sizeof *report->findings);
  }
  bartizan_finding *finding = more(NULL, 1, sizeof *finding);
  memset(finding, 0, sizeof *finding);
  finding->rule = copy_text(report->rule->id);
  finding->message = copy_text(message);
  finding->subject = subject(about);
  report->findings[report->count++] = finding;
  return finding;
}

void bartizan_evidence(bartizan_finding *finding, const char *label, bartizan_string text, const char *pointer) {
  size_t count = finding->evidence.len;
  finding->evidence.ptr = more(finding->evidence.ptr, count + 1, sizeof *finding->evidence.ptr);
  finding->evidence.ptr[count] =
      (bartizan_plugin_types_evidence_t){copy_text(label), copy(text, MAX_EVIDENCE), copy_text(pointer)};
  finding->evidence.len = count + 1;
}

void bartizan_related(bartizan_finding *finding, bartizan_subject other) {
  size_t count = finding->related.len;
  finding->related.ptr = more(finding->related.ptr, count + 1, sizeof *finding->related.ptr);
  finding->related.ptr[count] = subject(other);
  finding->related.len = count + 1;
}

void bartizan_set_severity(bartizan_finding *finding, bartizan_severity severity) {
  finding->severity.is_some = true;
  finding->severity.val = (bartizan_plugin_types_severity_t)severity;
}

static bartizan_plugin_types_confidence_t confidence_of(bartizan_confidence confidence) {
  switch (confidence) {
    case BARTIZAN_LOW_CONFIDENCE:
      return BARTIZAN_PLUGIN_TYPES_CONFIDENCE_LOW;
    case BARTIZAN_HIGH_CONFIDENCE:
      return BARTIZAN_PLUGIN_TYPES_CONFIDENCE_HIGH;
    default:
      return BARTIZAN_PLUGIN_TYPES_CONFIDENCE_MEDIUM;
  }
}

void bartizan_set_confidence(bartizan_finding *finding, bartizan_confidence confidence) {
  finding->confidence.is_some = true;
  finding->confidence.val = confidence_of(confidence);
}

void bartizan_remediation(bartizan_finding *finding, const char *text) {
  finding->remediation.is_some = true;
  finding->remediation.val = copy_text(text);
}

void bartizan_give_up(bartizan_report *report, const char *why) {
  if (report->failure == NULL) {
    report->failure = why;
  }
}

/* ---- bounds: a server with a thousand poisoned tools must not make the answer too long, and so unheard ---- */

static size_t size_of(const bartizan_finding *finding) {
  size_t bytes = finding->rule.len + finding->message.len + finding->subject.kind.len + finding->subject.name.len;
  bytes += finding->remediation.is_some ? finding->remediation.val.len : 0;
  for (size_t i = 0; i < finding->evidence.len; i++) {
    const bartizan_plugin_types_evidence_t *piece = &finding->evidence.ptr[i];
    bytes += piece->label.len + piece->text.len + piece->pointer.len;
  }
  for (size_t i = 0; i < finding->related.len; i++) {
    bytes += finding->related.ptr[i].kind.len + finding->related.ptr[i].name.len;
  }
  return bytes;
}

static const bartizan_rule *rule_of(bartizan_string id) {
  for (size_t i = 0; i < bartizan_rule_count; i++) {
    if (bartizan_equals(id, bartizan_rules[i].id)) {
      return &bartizan_rules[i];
    }
  }
  return NULL;
}

static bartizan_severity severity_of(const bartizan_finding *finding) {
  const bartizan_rule *rule = rule_of(finding->rule);
  return finding->severity.is_some ? (bartizan_severity)finding->severity.val : rule != NULL ? rule->severity : BARTIZAN_INFO;
}

/* The worst first, and within one severity in the order in which they were found. */
static void sort(bartizan_report *report) {
  bartizan_finding **sorted = more(NULL, report->count, sizeof *sorted);
  size_t count = 0;
  for (int severity = BARTIZAN_CRITICAL; severity >= BARTIZAN_INFO; severity--) {
    for (size_t i = 0; i < report->count; i++) {
      if ((int)severity_of(report->findings[i]) == severity) {
        sorted[count++] = report->findings[i];
      }
    }
  }
  free(report->findings);
  report->findings = sorted;
  report->room = report->count;
}

static char *number(char *end, size_t value) {
  do {
    *--end = (char)('0' + value % 10);
    value /= 10;
  } while (value != 0);
  return end;
}

static void keep_the_worst(bartizan_report *report) {
  size_t total = 0;
  for (size_t i = 0; i < report->count; i++) {
    total += size_of(report->findings[i]);
  }
  if (report->count <= MAX_FINDINGS && total <= MAX_BYTES) {
    return;
  }
  sort(report);
  size_t kept = 0, used = 0;
  while (kept < report->count && kept < MAX_FINDINGS - 1) {
    used += size_of(report->findings[kept]);
    if (used > MAX_BYTES) {
      break;
    }
    kept++;
  }
  bartizan_finding *worst = report->findings[kept];
  char left_out[24] = {0}, told[24] = {0}, message[160];
  message[0] = 0;
  strcat(message, number(left_out + 23, report->count - kept));
  strcat(message, " more findings were left out because there are too many to tell: the worst ");
  strcat(message, number(told + 23, kept));
  strcat(message, " are told.");
  report->rule = rule_of(worst->rule);
  bartizan_severity severity = severity_of(worst);
  report->count = kept;
  bartizan_set_severity(bartizan_find(report, bartizan_about_server(), message), severity);
}

/* ---- what the runtime calls ---- */

void exports_bartizan_plugin_meta_describe(exports_bartizan_plugin_meta_info_t *info) {
  info->name = copy_text(BARTIZAN_NAME);
  info->version = copy_text(BARTIZAN_VERSION);
  info->summary = copy_text(BARTIZAN_SUMMARY);
  info->config_schema = copy_text(bartizan_config_schema);
}

bartizan_string bartizan_config(void) {
  return the_config;
}

bool exports_bartizan_plugin_meta_configure(rule_pack_string_t *config, rule_pack_string_t *error) {
  const char *why = bartizan_configure(*config);
  if (why != NULL) {
    *error = copy_text(why);
    return false;
  }
  the_config = *config;
  return true;
}

static rule_pack_list_string_t tags(const char *const *tags) {
  rule_pack_list_string_t out = {NULL, 0};
  for (; tags != NULL && tags[out.len] != NULL; out.len++) {
    out.ptr = more(out.ptr, out.len + 1, sizeof *out.ptr);
    out.ptr[out.len] = copy_text(tags[out.len]);
  }
  return out;
}

void exports_bartizan_plugin_server_rules_rules(exports_bartizan_plugin_server_rules_list_rule_t *out) {
  out->len = bartizan_rule_count;
  out->ptr = more(NULL, out->len, sizeof *out->ptr);
  for (size_t i = 0; i < out->len; i++) {
    const bartizan_rule *rule = &bartizan_rules[i];
    out->ptr[i] = (exports_bartizan_plugin_server_rules_rule_t){
        .id = copy_text(rule->id),
        .title = copy_text(rule->title),
        .help = copy_text(rule->help),
        .severity = (bartizan_plugin_types_severity_t)rule->severity,
        .confidence = confidence_of(rule->confidence),
        .tags = tags(rule->tags),
    };
  }
}

static bool is_enabled(const rule_pack_list_string_t *enabled, const char *id) {
  for (size_t i = 0; i < enabled->len; i++) {
    if (bartizan_equals(enabled->ptr[i], id)) {
      return true;
    }
  }
  return false;
}

bool exports_bartizan_plugin_server_rules_check(
    exports_bartizan_plugin_server_rules_server_t *server,
    rule_pack_list_string_t *enabled,
    exports_bartizan_plugin_server_rules_list_finding_t *out,
    exports_bartizan_plugin_server_rules_failure_t *failure) {
  bartizan_report report = {0};
  if (enabled->len == 0) {
    bartizan_give_up(&report, "no rule is enabled");
  }
  for (size_t i = 0; i < enabled->len; i++) {
    if (rule_of(enabled->ptr[i]) == NULL) {
      bartizan_give_up(&report, "a rule is enabled that is not one of its rules");
    }
  }
  for (size_t i = 0; i < bartizan_rule_count && report.failure == NULL; i++) {
    if (is_enabled(enabled, bartizan_rules[i].id)) {
      report.rule = &bartizan_rules[i];
      report.rule->check(server, &report);
    }
  }
  if (report.failure != NULL) {
    failure->tag = BARTIZAN_PLUGIN_TYPES_FAILURE_OTHER;
    failure->val.other = copy_text(report.failure);
    return false;
  }
  keep_the_worst(&report);
  out->len = report.count;
  out->ptr = report.count == 0 ? NULL : more(NULL, report.count, sizeof *out->ptr);
  for (size_t i = 0; i < report.count; i++) {
    out->ptr[i] = *report.findings[i];
  }
  return true;
}
