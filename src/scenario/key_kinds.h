#pragma once
/// The kinds of keys: each makes a row of the table of keys (keys.cc) from a name, a sentence,
/// limits and a field.
///
/// A field is a generic lambda `[](auto& s) -> auto& { return s.training.lr; }`, so that one serves
/// reading and writing. A reader takes a Value and returns nothing where type or range is wrong.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/text.h"
#include "scenario/keys.h"

namespace delstep {

/// Real numbers from `low` to `high`, the upper, the lower or both ends left out if so said.
struct RealRange {
  double low, high;
  enum class Ends { kClosed, kHalfOpen, kOpenBelow, kOpen } ends = Ends::kClosed;
};
std::string Allowed(const RealRange& range);

/// "training.lr must be a number from 0 to 1000, not 'fast'".
Error WrongValue(const Key& key, const Value& value);

std::optional<bool> ReadBool(const Value& value);
std::optional<std::uint64_t> ReadInteger(const Value& value, std::uint64_t low, std::uint64_t high);
/// An integer is a real too.
std::optional<double> ReadReal(const Value& value, const RealRange& range);
std::optional<std::string> ReadText(const Value& value);

/// A list whose items `read` takes; a single value is a list of one.
template <class Read>
auto ReadList(const Value& value, Read read) {
  using Item = std::remove_cvref_t<decltype(*read(value))>;
  std::optional<std::vector<Item>> items{std::in_place};
  const bool is_list = value.kind == Value::Kind::kList;
  for (const Value& part : is_list ? value.items : std::vector{value}) {
    auto item = read(part);
    if (!item) return std::optional<std::vector<Item>>();
    items->push_back(*std::move(item));
  }
  return items;
}

/// What `parse` (text → Result<T>) makes of a text; numbers are texts too, so that 0 can be a
/// duration.
template <class Parse>
auto ReadParsed(const Value& value, Parse parse) {
  using Parsed = std::remove_cvref_t<decltype(*parse(std::string_view()))>;
  const bool is_scalar = value.kind != Value::Kind::kList && value.kind != Value::Kind::kOther;
  if (is_scalar)
    if (auto parsed = parse(value.bare.empty() ? value.text : value.bare))
      return std::optional<Parsed>(*std::move(parsed));
  return std::optional<Parsed>();
}

/// "[a, b]", each item as `print` gives it.
template <class Items, class Print>
std::string ListText(const Items& items, Print print) {
  std::vector<std::string> texts;
  for (const auto& item : items) texts.push_back(print(item));
  return '[' + Join(texts, ", ") + ']';
}

/// Completes a row; `print` writes the field's value as TOML.
template <class Field, class Read, class Print>
Key MakeKey(Key key, Field field, Read read, Print print) {
  key.get = [=](const Scenario& scenario) { return print(field(scenario)); };
  key.set = [=, said = key](Scenario& scenario, const Value& value) -> Result<void> {
    auto content = read(value);
    if (!content) return WrongValue(said, value);
    field(scenario) =
        static_cast<std::remove_reference_t<decltype(field(scenario))>>(*std::move(content));
    return {};
  };
  return key;
}

inline std::string PrintInteger(std::uint64_t number) { return fmt::format("{}", number); }

template <class Field>
Key BoolKey(std::string name, std::string sentence, Field field) {
  Key key{
      std::move(name), "true or false", "true or false", std::move(sentence), {"true", "false"}};
  return MakeKey(std::move(key), field, ReadBool,
                 [](bool value) { return std::string(value ? "true" : "false"); });
}

template <class Field>
Key IntegerKey(std::string name, std::string sentence, std::uint64_t low, std::uint64_t high,
               Field field) {
  Key key{std::move(name), "integer", fmt::format("a whole number from {} to {}", low, high),
          std::move(sentence)};
  const auto read = [=](const Value& value) { return ReadInteger(value, low, high); };
  return MakeKey(std::move(key), field, read, PrintInteger);
}

/// An integer that may be left out, which is written as the word "all".
template <class Field>
Key IntegerOrAllKey(std::string name, std::string sentence, std::uint64_t low, std::uint64_t high,
                    Field field) {
  using Number = std::optional<std::size_t>;
  Key key{std::move(name), "integer or \"all\"",
          fmt::format("a whole number from {} to {}, or \"all\"", low, high), std::move(sentence)};
  const auto read = [=](const Value& value) -> std::optional<Number> {
    if (ReadText(value) == "all") return Number();
    const auto number = ReadInteger(value, low, high);
    return number ? std::optional<Number>(*number) : std::nullopt;
  };
  return MakeKey(std::move(key), field, read, [](const Number& value) {
    return value ? PrintInteger(*value) : std::string("\"all\"");
  });
}

template <class Field>
Key IntegersKey(std::string name, std::string sentence, std::uint64_t low, std::uint64_t high,
                Field field) {
  Key key{std::move(name), "list of integers",
          fmt::format("a list of whole numbers from {} to {}", low, high), std::move(sentence)};
  const auto read = [=](const Value& value) {
    return ReadList(value, [=](const Value& item) { return ReadInteger(item, low, high); });
  };
  return MakeKey(std::move(key), field, read,
                 [](const auto& value) { return ListText(value, PrintInteger); });
}

template <class Field>
Key RealKey(std::string name, std::string sentence, RealRange range, Field field) {
  Key key{std::move(name), "real", Allowed(range), std::move(sentence)};
  const auto read = [=](const Value& value) { return ReadReal(value, range); };
  return MakeKey(std::move(key), field, read, ShortestReal);
}

template <class Field>
Key TextKey(std::string name, std::string sentence, Field field) {
  Key key{std::move(name), "text", "a text", std::move(sentence)};
  return MakeKey(std::move(key), field, ReadText, Quoted);
}

template <class Field>
Key ChoiceKey(std::string name, std::string sentence, std::vector<std::string> choices,
              Field field) {
  Key key{std::move(name), "one of", "one of " + Join(choices, ", "), std::move(sentence), choices};
  const auto read = [choices](const Value& value) {
    auto word = ReadText(value);
    if (word && std::ranges::find(choices, *word) == choices.end()) word.reset();
    return word;
  };
  return MakeKey(std::move(key), field, read, Quoted);
}

/// Texts that `parse` (text → Result<T>) understands and `print` (T → text) writes.
template <class Field, class Parse, class Print>
Key ParsedKey(std::string name, std::string sentence, std::string type, std::string allowed,
              Parse parse, Print print, Field field) {
  Key key{std::move(name), std::move(type), std::move(allowed), std::move(sentence)};
  const auto read = [=](const Value& value) { return ReadParsed(value, parse); };
  return MakeKey(std::move(key), field, read,
                 [=](const auto& value) { return Quoted(print(value)); });
}

/// Lists of what a ParsedKey takes one of.
template <class Field, class Parse, class Print>
Key ParsedListKey(std::string name, std::string sentence, std::string type, std::string allowed,
                  Parse parse, Print print, Field field) {
  Key key{std::move(name), std::move(type), std::move(allowed), std::move(sentence)};
  const auto read = [=](const Value& value) {
    return ReadList(value, [=](const Value& item) { return ReadParsed(item, parse); });
  };
  return MakeKey(std::move(key), field, read, [=](const auto& value) {
    return ListText(value, [=](const auto& item) { return Quoted(print(item)); });
  });
}

/// A list of texts, whatever they say.
template <class Field>
Key TextsKey(std::string name, std::string sentence, std::string type, std::string allowed,
             Field field) {
  Key key{std::move(name), std::move(type), std::move(allowed), std::move(sentence)};
  const auto read = [](const Value& value) { return ReadList(value, ReadText); };
  return MakeKey(std::move(key), field, read,
                 [](const auto& value) { return ListText(value, Quoted); });
}

}  // namespace delstep
