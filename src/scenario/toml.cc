#include "scenario/toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "base/utf8.h"
// This is toml++ 3.3, of Debian 12. Version 3.4 still has the assert and the undefined behaviour
// that this file works around; toml11 3.7 overflows the stack on nested lists, does not tell where
// keys stand, and takes twice as long to compile.
#define TOML_EXCEPTIONS 0
// Some of its asserts fail for wrong files ("[!]"); the code after them reports an error with its
// place.
#define TOML_ASSERT(condition) static_cast<void>(0)
#include <toml++/toml.h>

namespace delstep {
namespace {

// Each part of a dotted key is a table inside a table, and toml++ frees tables recursively.
constexpr std::size_t kMostDots = 32;

bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

/// Steps over the string that opens at `text[at]`; returns the position after it, or that of a
/// character beyond ASCII that follows a backslash, white space between them or not.
std::size_t AfterString(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string closing(text.substr(at).starts_with(std::string(3, quote)) ? 3 : 1, quote);
  at += closing.size();
  while (at < text.size() && !text.substr(at).starts_with(closing)) {
    if (closing.size() == 1 && text[at] == '\n') return at;
    const bool escapes = quote == '"' && text[at] == '\\';
    const std::size_t next = escapes ? text.find_first_not_of(" \t\r\n", at + 1) : at;
    if (escapes && next < text.size() && !IsAscii(text[next])) return next;
    at += escapes ? 2 : 1;
  }
  at = std::min(text.size(), at + closing.size());
  // Up to two quotes more may end a long string: """a""""" is a"".
  for (int more = 0; more < 2 && closing.size() == 3 && at < text.size() && text[at] == quote;
       ++more)
    ++at;
  return at;
}

/// "name:line:column", columns counted in characters as editors do.
std::string Place(std::string_view name, std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::string_view line = before.substr(before.rfind('\n') + 1);
  const auto column = std::ranges::count_if(
      line, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  return fmt::format("{}:{}:{}", name, std::ranges::count(before, '\n') + 1, column + 1);
}

/// Refuses what toml++ 3.3 cannot be given: keys of very many parts, and characters beyond ASCII
/// where it asks whether they are white space, which is undefined behaviour for most of them. This
/// is outside strings and comments, where TOML forbids them anyway, and after a backslash that ends
/// a line of a long string, where TOML would allow them.
Result<void> CheckOutsideStrings(std::string_view text, std::string_view name) {
  std::size_t dots = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    // Within a word a quote opens nothing, and is wrong.
    const bool may_open =
        at == 0 || std::string_view(" \t\n=,[{.").find(text[at - 1]) != std::string_view::npos;
    if (may_open && (c == '"' || c == '\'')) {
      at = AfterString(text, at) - 1;
    } else if (c == '#') {
      at = std::min(text.size(), text.find('\n', at)) - 1;
    } else if (!IsAscii(c)) {
      return BadFile("wrong TOML: a character beyond ASCII outside quotes or after a backslash",
                     "write it in quotes")
          .At(Place(name, text, at));
    } else if (c == '.' && ++dots > kMostDots) {
      return BadFile("a key has too many parts", "write section.key = value")
          .At(Place(name, text, at));
    }
    if (std::string_view("=,[]{}#\n").find(c) != std::string_view::npos) dots = 0;
  }
  return {};
}

/// toml++ throws nothing here: its errors are values (TOML_EXCEPTIONS 0).
Result<toml::table> Parse(std::string_view text, std::string_view name) {
  DELSTEP_TRY(CheckOutsideStrings(text, name));
  toml::parse_result parsed = toml::parse(text);
  if (parsed) return std::move(parsed).table();
  const toml::source_position at = parsed.error().source().begin;
  const std::string_view description = parsed.error().description();
  const bool bare_word = description.find("could not determine value type") != description.npos ||
                         description.find("expected 'true'") != description.npos ||
                         description.find("expected 'false'") != description.npos;
  return BadFile(fmt::format("wrong TOML: {}", description),
                 bare_word ? "texts stand in quotes, true and false in small letters" : "")
      .At(fmt::format("{}:{}:{}", name, at.line, at.column));
}

/// A value keeps its text besides its kind: keys decide what they make of it.
Value FromToml(const toml::node& node) {
  Value value;
  if (const auto* flag = node.as_boolean()) {
    value.kind = Value::Kind::kBool;
    value.text = flag->get() ? "true" : "false";
  } else if (const auto* integer = node.as_integer()) {
    value.kind = Value::Kind::kInteger;
    value.text = fmt::format("{}", integer->get());
  } else if (const auto* real = node.as_floating_point()) {
    value.kind = Value::Kind::kReal;
    value.text = ShortestReal(real->get());
  } else if (const auto* text = node.as_string()) {
    value.text = text->get();
  } else if (const auto* array = node.as_array()) {
    value.kind = Value::Kind::kList;
    for (const toml::node& item : *array) value.items.push_back(FromToml(item));
  } else {
    value.kind = Value::Kind::kOther;
    value.text = node.is_table() ? "a section" : "a date or time";
  }
  return value;
}

void Flatten(const toml::table& table, const std::string& prefix, std::vector<TomlEntry>& entries) {
  for (const auto& [key, node] : table) {
    const std::string path = prefix + std::string(key.str());
    // An empty section is kept as an entry, so that a wrong name of a section is noticed.
    const toml::table* section = node.as_table();
    if (section != nullptr && !section->empty()) {
      Flatten(*section, path + '.', entries);
    } else {
      const toml::source_position begin = key.source().begin;
      entries.push_back(
          {.key = path, .value = FromToml(node), .line = begin.line, .column = begin.column});
    }
  }
}

/// Splits "[a, b]" at its commas.
Value BareList(std::string_view text) {
  Value list{Value::Kind::kList};
  const std::string_view inside = Trim(text.substr(1, text.size() - 2));
  if (inside.empty()) return list;
  for (const std::string_view item : Split(inside, ',')) {
    const std::string word(Trim(item));
    list.items.push_back({.kind = Value::Kind::kText, .text = word, .bare = word});
  }
  return list;
}

/// A text that is one TOML value, other than a date or a section; else nothing.
std::optional<Value> ReadValue(std::string_view text) {
  // A line break would let an argument set further keys.
  if (text.find('\n') != std::string_view::npos) return std::nullopt;
  const auto table = Parse(fmt::format("v = {}", text), "");
  if (!table) return std::nullopt;
  Value value = FromToml(*table->get("v"));
  if (value.kind == Value::Kind::kOther) return std::nullopt;
  return value;
}

}  // namespace

Result<std::vector<TomlEntry>> ReadToml(std::string_view text, std::string_view name) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  DELSTEP_ASSIGN(const toml::table table, Parse(text, name));
  std::vector<TomlEntry> entries;
  Flatten(table, "", entries);
  // toml++ gives tables in the order of their keys; errors and lists should come as they are
  // written.
  std::ranges::stable_sort(
      entries, {}, [](const TomlEntry& entry) { return std::pair(entry.line, entry.column); });
  return entries;
}

Result<Value> ReadArgument(std::string_view text) {
  text = Trim(text);
  const Value word{
      .kind = Value::Kind::kText, .text = std::string(text), .bare = std::string(text)};
  if (!IsUtf8(text)) return UsageError("the value is not valid UTF-8");
  if (auto value = ReadValue(text)) {
    // What was typed is kept: `data.label=1` wants the text "1", not the number.
    if (value->kind != Value::Kind::kText && value->kind != Value::Kind::kList) value->bare = text;
    return *std::move(value);
  }
  if (text.empty()) return word;
  if (text.front() == '[' && text.back() == ']') return BareList(text);
  if (text.front() == '"' || text.front() == '\'')
    return UsageError(fmt::format("{} is not a quoted text", Shown(word)), "close the quote");
  return word;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      quoted.append({'\\', c});
    else if (code < 0x20 || code == 0x7f)
      quoted += fmt::format("\\u{:04x}", code);
    else
      quoted += c;
  }
  return quoted + '"';
}

std::string TomlKey(std::string_view text) {
  const bool bare = !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return bare ? std::string(text) : Quoted(text);
}

std::string Shown(const Value& value) {
  constexpr std::size_t kLongest = 60;
  std::string shown;
  switch (value.kind) {
    case Value::Kind::kList:
      for (const Value& item : value.items) {
        shown += (shown.empty() ? "" : ", ") + Shown(item);
        if (shown.size() > kLongest) break;
      }
      shown = '[' + shown + ']';
      break;
    case Value::Kind::kText:
      shown = '\'' + value.text + '\'';
      break;
    case Value::Kind::kReal:
      shown = value.bare.empty() ? value.text : value.bare;
      // 3.0 is not the whole number 3.
      if (shown.find_first_not_of("-0123456789") == std::string::npos) shown += ".0";
      break;
    default:
      shown = value.bare.empty() ? value.text : value.bare;
  }
  if (shown.size() <= kLongest) return shown;
  std::size_t end = kLongest;
  while ((static_cast<unsigned char>(shown[end]) & 0xc0) == 0x80) --end;  // not within a code point
  return shown.substr(0, end) + "…";
}

std::string JsonOf(const Value& value) {
  switch (value.kind) {
    case Value::Kind::kBool:
    case Value::Kind::kInteger:
      return value.text;
    case Value::Kind::kReal:
      return value.text.find_first_of("in") == std::string::npos ? value.text : "null";
    case Value::Kind::kText:
      return JsonString(value.text);
    case Value::Kind::kList: {
      std::vector<std::string> items;
      for (const Value& item : value.items) items.push_back(JsonOf(item));
      return '[' + Join(items, ",") + ']';
    }
    case Value::Kind::kOther:
      break;
  }
  return "null";
}

}  // namespace delstep
