// Finding rows of the table of keys, saying so when there is none, and setting a value by its row.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "base/text.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

constexpr std::string_view kGroups = "groups.";

/// "training.lr" → "DELSTEP_TRAINING_LR".
std::string VariableOf(std::string_view key) {
  std::string name = "DELSTEP_";
  for (const char c : key)
    name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

std::string_view SectionOf(std::string_view key) {
  const auto dot = key.find('.');
  return dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
}

std::string_view LastPart(std::string_view key) { return key.substr(key.rfind('.') + 1); }

/// The one key whose last part begins so; empty where there are several, or none.
std::string LongerKey(std::string_view begun) {
  constexpr std::size_t kShortest = 3;
  std::string longer;
  for (const Key& key : Keys()) {
    if (begun.size() < kShortest || !LastPart(key.name).starts_with(begun)) continue;
    if (!longer.empty()) return {};
    longer = key.name;
  }
  return longer;
}

// Keys of a section stand together in the table.
std::vector<std::string> Sections() {
  std::vector<std::string> sections;
  for (const Key& key : Keys()) {
    const std::string section(SectionOf(key.name));
    if (!section.empty() && (sections.empty() || sections.back() != section))
      sections.push_back(section);
  }
  sections.emplace_back("groups");
  return sections;
}

std::vector<std::string> KeysOf(std::string_view section) {
  std::vector<std::string> parts;
  for (const Key& key : Keys())
    if (SectionOf(key.name) == section) parts.emplace_back(LastPart(key.name));
  return parts;
}

/// How the value would have to be written where it only has quotes or a point too many: "true", 3.0;
/// else empty.
std::string RewrittenValue(const KeyKind& kind, const Value& value, const Registry& registry,
                           const Scenario& scenario) {
  const bool in_quotes = value.kind == Value::Kind::kText && value.bare.empty();
  if (!in_quotes && value.kind != Value::Kind::kReal) return {};
  const auto read = ReadArgument(value.text);
  // Of a real the text has no point where it is whole.
  if (!read || read->kind == value.kind) return {};
  Scenario copy = scenario;
  const Value plain{.kind = read->kind, .text = read->text, .items = read->items};
  if (!Store(kind, plain, registry, copy)) return {};
  return fmt::format("write it without {}: {}", in_quotes ? "quotes" : "a point", value.text);
}

/// "10%" → "0.1", where the key takes that; else empty.
std::string WithoutPercent(const KeyKind& kind, const Value& value, const Registry& registry,
                           const Scenario& scenario) {
  if (value.kind != Value::Kind::kText || !value.text.ends_with('%')) return {};
  const auto percent = ParseReal(value.text.substr(0, value.text.size() - 1));
  if (!percent || !std::holds_alternative<RealKey>(kind)) return {};
  const Value share{.kind = Value::Kind::kReal, .text = ShortestReal(*percent / 100)};
  Scenario copy = scenario;
  return Store(kind, share, registry, copy) ? share.text : std::string();
}

}  // namespace

Result<void> Key::Set(Scenario& scenario, const Value& value, const Registry& registry) const {
  if (Store(kind, value, registry, scenario)) return {};
  // A number is not a slip of a word.
  const bool is_text = value.kind == Value::Kind::kText;
  const std::vector<std::string> choices = Choices(registry);
  std::string hint = is_text ? DidYouMean(value.text, choices) : "";
  // By its letters it is closer to "cpu".
  if (is_text && Lower(value.text) == "gpu" && std::ranges::count(choices, "cuda") > 0)
    hint = "did you mean 'cuda'?";
  // "0,1", as many people write it.
  std::string point = is_text ? value.text : "";
  std::ranges::replace(point, ',', '.');
  if (is_text && point != value.text && ParseReal(point) && choices.empty())
    hint = "write it with a point: " + point;
  if (const std::string share = WithoutPercent(kind, value, registry, scenario); !share.empty())
    hint = "write it without per cent: " + share;
  if (const std::string rewritten = RewrittenValue(kind, value, registry, scenario);
      !rewritten.empty())
    hint = rewritten;
  if (hint.empty()) hint = WhyRefused(kind, value);
  return UsageError(fmt::format("{} must be {}, not {}", name, Allowed(registry), Shown(value)),
                    std::move(hint));
}

std::vector<std::string> Key::Endings(const Registry& registry) const {
  return EndingsOf(kind, registry);
}

Key GroupKey(std::string_view name) {
  assert(IsGroupKey(name));
  return {.name = name,
          .kind = GroupMembersKey{name.substr(kGroups.size())},
          .sentence = "The members of the group NAME at the start, in order."};
}

bool IsGroupKey(std::string_view name) { return name.starts_with(kGroups); }

const Key* FindKey(std::string_view name) {
  const auto found = std::ranges::find(Keys(), name, &Key::name);
  return found == Keys().end() ? nullptr : &*found;
}

const Key* FindKeyOfVariable(std::string_view variable) {
  const auto found =
      std::ranges::find(Keys(), variable, [](const Key& key) { return VariableOf(key.name); });
  return found == Keys().end() ? nullptr : &*found;
}

std::optional<std::string> UnknownVariable(std::string_view variable) {
  // The others that the program, its tests and its build read.
  constexpr std::array<std::string_view, 8> kOthers = {
      "DELSTEP_DATA",        "DELSTEP_SCENARIOS", "DELSTEP_REWRITE_TRANSCRIPTS",
      "DELSTEP_PAGE_FILE",   "DELSTEP_PROGRAM",   "DELSTEP_TENSORFLOW_PYTHON",
      "DELSTEP_BENCH_PEERS", "DELSTEP_KERNELS"};
  if (!variable.starts_with("DELSTEP_") || FindKeyOfVariable(variable)) return std::nullopt;
  if (std::ranges::find(kOthers, variable) != kOthers.end()) return std::nullopt;
  // A section by itself, as UnknownKey() has it.
  for (const std::string_view part : {"_NAME", "_COUNT"})
    if (const std::string whole = fmt::format("{}{}", variable, part); FindKeyOfVariable(whole))
      return fmt::format("did you mean '{}'?", whole);
  std::vector<std::string> known = {"DELSTEP_DATA", "DELSTEP_SCENARIOS"};
  for (const Key& key : Keys()) known.push_back(VariableOf(key.name));
  return DidYouMean(variable, known);
}

std::string SettableKeys() {
  std::vector<std::string> changes, stays;
  for (const std::string& section : Sections()) {
    std::vector<std::string> yes, no;
    for (const Key& key : Keys())
      if (SectionOf(key.name) == section) (key.settable() ? yes : no).emplace_back(key.name);
    if (yes.size() <= no.size()) {
      changes.insert(changes.end(), yes.begin(), yes.end());
      continue;
    }
    changes.push_back(section + ".*");
    stays.insert(stays.end(), no.begin(), no.end());
  }
  return fmt::format("{}, but not {}", Join(changes, ", "), Join(stays, ", "));
}

Error UnknownKey(std::string_view name) {
  const std::string_view section = SectionOf(name);
  const auto sections = Sections();
  const Value shown{Value::Kind::kText, std::string(name)};
  const std::string message = "unknown key " + Shown(shown);
  // Their last part is for the user to choose.
  if (name == "groups" || section == "groups")
    return UsageError(message, "write groups.NAME=[NODE,...], such as groups.east=[10.0.0.1,anna]");
  if (name == "training.at")
    return UsageError(message,
                      "write training.at.NODES.KEY=VALUE, such as training.at.anna.lr=0.1");

  // A section by itself: what is chosen or counted in it is meant.
  for (const std::string_view part : {"name", "count"})
    if (const Key* key = FindKey(fmt::format("{}.{}", name, part)))
      return UsageError(message, fmt::format("did you mean '{}'?", key->name));

  std::vector<std::string> names;
  for (const Key& key : Keys()) {
    if (LastPart(key.name) == LastPart(name) && key.name != name) names.emplace_back(key.name);
  }
  // The right name in a wrong section is the commonest slip.
  if (names.size() == 1)
    return UsageError(message, fmt::format("did you mean '{}'?", names.front()));
  if (std::ranges::find(sections, name) != sections.end())
    return UsageError(message, fmt::format("keys of {}: {}", name, Join(KeysOf(name), ", ")));
  // Its name without the section, perhaps shortened: "batch" for training.batch_size.
  if (const std::string meant = LongerKey(name); names.empty() && !meant.empty())
    return UsageError(message, fmt::format("did you mean '{}'?", meant));
  if (std::ranges::find(sections, section) != sections.end()) {
    names = KeysOf(section);
    // The section is right: only its keys are likely to be meant.
    const std::string_view nearest = Nearest(LastPart(name), names);
    if (!nearest.empty())
      return UsageError(message, fmt::format("did you mean '{}.{}'?", section, nearest));
    return UsageError(message, fmt::format("keys of {}: {}", section, Join(names, ", ")));
  }
  names.clear();
  for (const Key& key : Keys()) names.emplace_back(key.name);
  // Neither is right: the whole name is compared.
  const std::string hint = DidYouMean(name, names);
  if (!hint.empty()) return UsageError(message, hint);
  return UsageError(
      message, fmt::format("sections: {}; keys outside: seed, portable", Join(sections, ", ")));
}

}  // namespace delstep
