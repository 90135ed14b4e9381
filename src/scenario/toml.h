#pragma once
/// TOML and the text of key=value, both as values that still know how they were written. The one
/// place that knows toml++.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"

namespace delstep {

/// A value as written, before any key has said what it wants.
struct Value {
  enum class Kind {
    kBool,     ///< text: "true" or "false"
    kInteger,  ///< text: decimal, within std::int64_t
    kReal,     ///< text: shortest decimal, or "inf", "-inf", "nan"
    kText,     ///< text: without quotes, valid UTF-8
    kList,     ///< items
    kOther,    ///< a date, a time or a section; text names it
  };
  Kind kind = Kind::kText;
  std::string text{};
  std::vector<Value> items{};
  /// Of an argument: the text itself, so that `data.path=2024` can mean a folder; empty for what
  /// had quotes or came from a file.
  std::string bare{};
};

/// A value of a file: `key` is the dotted path, "training.lr".
struct TomlEntry {
  std::string key;
  Value value;
  std::size_t line = 0, column = 0;  ///< from 1; columns count code points
};

/// Every value of a TOML text, in the order written; sections are flattened, and one without a key
/// stays as an entry of kOther. Errors: kFile, with where = "NAME:LINE:COLUMN".
Result<std::vector<TomlEntry>> ReadToml(std::string_view text, std::string_view name);

/// The value part of key=value: a TOML value; a list may hold bare words (`[10.0.0.1,a]`), and
/// everything else is a bare word. Errors: kUsage, if it is not valid UTF-8 or opens a quote
/// without closing it.
Result<Value> ReadArgument(std::string_view text);

/// As a TOML string: "a\"b".
std::string Quoted(std::string_view text);
/// As a TOML key: bare where TOML allows it, else quoted.
std::string TomlKey(std::string_view text);
/// As JSON; null for what JSON has no value for (inf, nan, a date).
std::string JsonOf(const Value& value);
/// For messages: a text in quotes, a list in brackets, cut to a readable length.
std::string Shown(const Value& value);

}  // namespace delstep
