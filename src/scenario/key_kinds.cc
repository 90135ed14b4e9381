#include "scenario/key_kinds.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>
#include <utility>

#include "base/files.h"
#include "base/text.h"
#include "scenario/units.h"

namespace delstep {
namespace {

using Words = std::vector<std::string>;
using Integers = std::vector<std::size_t>;

// --- what is allowed -----------------------------------------------------------------------------

Words Choices(const BoolKey&, const Registry&) { return {"true", "false"}; }
Words WordsOf(std::string_view list) {
  Words words;
  for (const std::string_view word : Split(list, ','))
    if (!Trim(word).empty()) words.emplace_back(Trim(word));
  return words;
}
Words Choices(const ChoiceKey& kind, const Registry&) { return WordsOf(kind.words); }
template <class T>
Words Choices(const ParsedKey<T>& kind, const Registry&) {
  return WordsOf(kind.words);
}
Words Choices(const PartKey& kind, const Registry& registry) { return kind.names(registry).listed; }
template <class Kind>
Words Choices(const Kind&, const Registry&) {
  return {};
}

std::string NumbersFrom(std::uint64_t low, std::uint64_t high, std::string_view numbers) {
  return fmt::format("{} from {} to {}", numbers, low, high);
}

std::string Allowed(const BoolKey&, const Registry&) { return "true or false"; }
template <class T>
std::string Allowed(const IntegerKey<T>& kind, const Registry&) {
  return NumbersFrom(kind.low, kind.high, "a whole number");
}
std::string Allowed(const IntegerOrAllKey& kind, const Registry&) {
  return NumbersFrom(kind.low, kind.high, "a whole number") + ", or \"all\"";
}
std::string Allowed(const IntegersKey& kind, const Registry&) {
  return NumbersFrom(kind.low, kind.high, "a list of whole numbers");
}
std::string Allowed(const RealKey& kind, const Registry&) {
  const std::string low = ShortestReal(kind.low), high = ShortestReal(kind.high);
  switch (kind.ends) {
    case RealKey::Ends::kHalfOpen:
      return fmt::format("a number from {} to below {}", low, high);
    case RealKey::Ends::kOpenBelow:
      return fmt::format("a number above {} and up to {}", low, high);
    case RealKey::Ends::kOpen:
      return fmt::format("a number above {} and below {}", low, high);
    case RealKey::Ends::kClosed:
      break;
  }
  return fmt::format("a number from {} to {}", low, high);
}
std::string Allowed(const PathKey&, const Registry&) { return "the path of a file or folder"; }
std::string Allowed(const AddressesKey&, const Registry&) {
  return "a list of addresses such as 10.0.0.1, the last octet from 1 to 254";
}
std::string Allowed(const GroupMembersKey&, const Registry&) {
  return "a list of selectors such as [\"10.0.0.[1-4]\", \"anna\"]";
}
std::string Allowed(const ChoiceKey& kind, const Registry& registry) {
  return "one of " + Join(Choices(kind, registry), ", ");
}
std::string Allowed(const PartKey& kind, const Registry& registry) {
  const PartKey::Names names = kind.names(registry);
  return "one of " + Join(names.listed, ", ") + (names.files.empty() ? "" : ", or " + names.files);
}
template <class Kind>  // TextsKey, ParsedKey
std::string Allowed(const Kind& kind, const Registry&) {
  return std::string(kind.allowed);
}

// --- reading: a value, or nothing where type or range is wrong -----------------------------------

std::optional<std::uint64_t> ReadInteger(const Value& value, std::uint64_t low,
                                         std::uint64_t high) {
  if (value.kind != Value::Kind::kInteger) return std::nullopt;
  const auto number = ParseUnsigned(value.text);
  if (!number || *number < low || *number > high) return std::nullopt;
  return number;
}

std::optional<std::string> ReadText(const Value& value) {
  if (!value.bare.empty()) return value.bare;
  if (value.kind != Value::Kind::kText) return std::nullopt;
  return value.text;
}

/// What a parser reads; nothing of a list. Numbers are texts too, so that 0 can be a duration.
std::optional<std::string> ScalarText(const Value& value) {
  if (value.kind == Value::Kind::kList || value.kind == Value::Kind::kOther) return std::nullopt;
  return value.bare.empty() ? value.text : value.bare;
}

/// What `parse` makes of a text.
template <class T>
std::optional<T> ReadParsed(const Value& value, Result<T> (*parse)(std::string_view)) {
  if (const auto text = ScalarText(value))
    if (auto parsed = parse(*text)) return std::optional<T>(*std::move(parsed));
  return std::optional<T>();
}

/// A list whose items `read` takes; a single value is a list of one.
/// An argument may leave the brackets out: `model.hidden=64,32`.
std::vector<Value> ItemsOf(const Value& value) {
  if (value.kind == Value::Kind::kList) return value.items;
  std::vector<Value> items;
  for (const std::string_view item : Split(value.bare, ',')) {
    auto read = ReadArgument(item);
    items.push_back(read ? *std::move(read) : value);
  }
  return items.size() > 1 ? items : std::vector{value};
}

template <class T, class Read>
std::optional<std::vector<T>> ReadList(const Value& value, Read read) {
  std::vector<T> items;
  for (const Value& part : ItemsOf(value)) {
    auto item = read(part);
    if (!item) return std::nullopt;
    items.push_back(*std::move(item));
  }
  return items;
}

Result<Address> AddressOf(std::string_view text) {
  if (const auto address = ParseAddress(text)) return *address;
  return UsageError("not an address");
}

std::optional<bool> Read(const BoolKey&, const Value& value, const Registry&) {
  if (value.kind == Value::Kind::kBool) return value.text == "true";
  // An argument may be a word or a number that people use for it; a file is TOML.
  const std::string word = Lower(value.bare);
  if (word == "on" || word == "yes" || word == "1") return true;
  if (word == "off" || word == "no" || word == "0") return false;
  return std::nullopt;
}
template <class T>
std::optional<T> Read(const IntegerKey<T>& kind, const Value& value, const Registry&) {
  const auto number = ReadInteger(value, kind.low, kind.high);
  return number ? std::optional(static_cast<T>(*number)) : std::nullopt;
}
std::optional<std::optional<std::size_t>> Read(const IntegerOrAllKey& kind, const Value& value,
                                               const Registry&) {
  using Number = std::optional<std::size_t>;
  if (ReadText(value) == "all") return Number();
  const auto number = ReadInteger(value, kind.low, kind.high);
  return number ? std::optional<Number>(*number) : std::nullopt;
}
std::optional<Integers> Read(const IntegersKey& kind, const Value& value, const Registry&) {
  return ReadList<std::size_t>(
      value, [&](const Value& item) { return ReadInteger(item, kind.low, kind.high); });
}
std::optional<double> Read(const RealKey& kind, const Value& value, const Registry&) {
  // An integer is a real too; an argument need not be TOML: ".05", "5.", "+1".
  const bool is_number = value.kind == Value::Kind::kInteger || value.kind == Value::Kind::kReal;
  if (!is_number && value.bare.empty()) return std::nullopt;
  const auto number = ParseReal(is_number ? std::string_view(value.text) : value.bare);
  if (!number || *number < kind.low || *number > kind.high) return std::nullopt;
  using Ends = RealKey::Ends;
  const bool without_high = kind.ends == Ends::kHalfOpen || kind.ends == Ends::kOpen;
  const bool without_low = kind.ends == Ends::kOpenBelow || kind.ends == Ends::kOpen;
  if (without_high && *number == kind.high) return std::nullopt;
  if (without_low && *number == kind.low) return std::nullopt;
  return number;
}
std::optional<std::string> Read(const PathKey&, const Value& value, const Registry&) {
  auto path = ReadText(value);
  if (path && EndsEarly(*path)) path.reset();
  return path;
}
std::optional<Words> Read(const TextsKey&, const Value& value, const Registry&) {
  return ReadList<std::string>(value, ReadText);
}
std::optional<Words> Read(const GroupMembersKey&, const Value& value, const Registry&) {
  return ReadList<std::string>(value, ReadText);
}
std::optional<std::vector<Address>> Read(const AddressesKey&, const Value& value, const Registry&) {
  return ReadList<Address>(value,
                           [](const Value& item) { return ReadParsed<Address>(item, AddressOf); });
}
template <class T>
std::optional<T> Read(const ParsedKey<T>& kind, const Value& value, const Registry&) {
  return ReadParsed<T>(value, kind.parse);
}

template <class Kind>
std::optional<std::string> ReadChoice(const Kind& kind, const Value& value,
                                      const Registry& registry) {
  // A file has true and false without quotes.
  auto word = value.kind == Value::Kind::kBool ? std::optional(value.text) : ReadText(value);
  const Words choices = Choices(kind, registry);
  if (word && std::ranges::find(choices, *word) == choices.end()) word.reset();
  return word;
}
std::optional<std::string> Read(const ChoiceKey& kind, const Value& value,
                                const Registry& registry) {
  return ReadChoice(kind, value, registry);
}
/// Whether that is the name of a part in a file of the user's.
bool IsOwnFile(const PartKey& kind, std::string_view name, const Registry& registry) {
  return std::ranges::any_of(kind.names(registry).endings, [&](const std::string& ending) {
    return name.ends_with(ending) && name.size() > ending.size() && !EndsEarly(name);
  });
}
std::optional<std::string> Read(const PartKey& kind, const Value& value, const Registry& registry) {
  const auto word = ReadText(value);
  return word && IsOwnFile(kind, *word, registry) ? word : ReadChoice(kind, value, registry);
}

// --- writing as TOML -----------------------------------------------------------------------------

/// "[a, b]", each item as `print` gives it.
template <class Items, class Print>
std::string ListText(const Items& items, Print print) {
  Words texts;
  for (const auto& item : items) texts.push_back(print(item));
  return '[' + Join(texts, ", ") + ']';
}

std::string PrintInteger(std::uint64_t number) { return fmt::format("{}", number); }

template <class Kind>
std::string Print(const Kind&, bool flag) {
  return flag ? "true" : "false";
}
template <class T>
std::string Print(const IntegerKey<T>&, T number) {
  return PrintInteger(number);
}
std::string Print(const IntegerOrAllKey&, const std::optional<std::size_t>& number) {
  return number ? PrintInteger(*number) : "\"all\"";
}
template <class Kind>
std::string Print(const Kind&, const Integers& numbers) {
  return ListText(numbers, PrintInteger);
}
// As few digits as read back to the same number.
std::string Print(const RealKey&, double number) { return ShortestReal(number); }
template <class Kind>
std::string Print(const Kind&, const std::string& text) {
  return Quoted(text);
}
template <class Kind>
std::string Print(const Kind&, const Words& texts) {
  return ListText(texts, Quoted);
}
template <class Kind>
std::string Print(const Kind&, const std::vector<Address>& addresses) {
  return ListText(addresses, [](Address address) { return Quoted(ToString(address)); });
}
template <class T>
std::string Print(const ParsedKey<T>& kind, const T& content) {
  return Quoted(kind.print(content));
}
std::string Print(const ParsedKey<std::string>& kind, const std::string& content) {
  return Quoted(kind.print(content));
}

// --- where values stand --------------------------------------------------------------------------

using Group = std::pair<std::string, Words>;

template <class Kind>
auto& Stored(const Kind& kind, Scenario& scenario) {
  return kind.field(scenario);
}
Words& Stored(const GroupMembersKey& kind, Scenario& scenario) {
  auto found = std::ranges::find(scenario.groups, kind.group, &Group::first);
  if (found == scenario.groups.end())
    found = scenario.groups.insert(found, {std::string(kind.group), Words()});
  return found->second;
}

template <class Kind>
const auto& Stored(const Kind& kind, const Scenario& scenario) {
  return kind.field(const_cast<Scenario&>(scenario));  // which only tells where the field is
}
Words Stored(const GroupMembersKey& kind, const Scenario& scenario) {
  const auto found = std::ranges::find(scenario.groups, kind.group, &Group::first);
  return found == scenario.groups.end() ? Words() : found->second;
}

}  // namespace

std::string AllowedBy(const KeyKind& kind, const Registry& registry) {
  return std::visit([&](const auto& own) { return Allowed(own, registry); }, kind);
}

Words ChoicesOf(const KeyKind& kind, const Registry& registry) {
  return std::visit([&](const auto& own) { return Choices(own, registry); }, kind);
}

Words EndingsOf(const KeyKind& kind, const Registry& registry) {
  const auto* part = std::get_if<PartKey>(&kind);
  return part == nullptr ? Words() : part->names(registry).endings;
}

std::optional<PathKey::Use> PathUseOf(const KeyKind& kind, std::string_view value,
                                      const Registry& registry) {
  if (const auto* path = std::get_if<PathKey>(&kind)) return path->use;
  const auto* part = std::get_if<PartKey>(&kind);
  const bool is_file = part != nullptr && IsOwnFile(*part, value, registry);
  return is_file ? std::optional(PathKey::Use::kRead) : std::nullopt;
}

std::string* PathToRead(const KeyKind& kind, const Registry& registry, Scenario& scenario) {
  const auto* path = std::get_if<PathKey>(&kind);
  const auto* part = std::get_if<PartKey>(&kind);
  if (path == nullptr && part == nullptr) return nullptr;
  std::string& value = path != nullptr ? path->field(scenario) : part->field(scenario);
  return PathUseOf(kind, value, registry) == PathKey::Use::kRead ? &value : nullptr;
}

std::string TextOf(const KeyKind& kind, const Scenario& scenario) {
  return std::visit([&](const auto& own) { return Print(own, Stored(own, scenario)); }, kind);
}

std::string WhyRefused(const KeyKind& kind, const Value& value) {
  const auto text = ScalarText(value);
  if (!text) return {};
  if (std::holds_alternative<PathKey>(kind) && EndsEarly(*text))
    return "there is a byte 0 in it, where the system would end the path";
  const auto why = [&](const auto& own) -> std::string {
    if constexpr (requires { own.parse; })
      if (const auto parsed = own.parse(*text); !parsed) return parsed.error().message;
    return {};
  };
  const std::string message = std::visit(why, kind);
  // Other parsers have no reasons of their own: "no device".
  return message.starts_with('\'') ? message : std::string();
}

bool Store(const KeyKind& kind, const Value& value, const Registry& registry, Scenario& scenario) {
  return std::visit(
      [&](const auto& own) {
        // Read whole before it is stored: a wrong value leaves the scenario as it was.
        auto content = Read(own, value, registry);
        if (content) Stored(own, scenario) = *std::move(content);
        return content.has_value();
      },
      kind);
}

}  // namespace delstep
