#include "scenario/config.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "base/text.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

constexpr std::size_t kLargestFile = 16 << 20;

bool IsSection(std::string_view name) {
  return name == "groups" || std::ranges::any_of(Keys(), [&](const Key& key) {
           return key.name.size() > name.size() && key.name.starts_with(name) &&
                  key.name[name.size()] == '.';
         });
}

/// Calls `visit(key)` for every key, the scenario's groups included.
template <class Visit>
void VisitKeys(const Scenario& scenario, Visit visit) {
  for (const Key& key : Keys()) visit(key);
  for (const auto& group : scenario.groups) {
    const std::string name = "groups." + group.first;
    visit(GroupKey(name));
  }
}

}  // namespace

Error At(const Origin& origin, Error error) {
  if (origin.layer == Origin::Layer::kFile) {
    error.code = ErrorCode::kFile;
    error.where = origin.where;
  } else if (origin.layer != Origin::Layer::kDefault) {
    error.message = fmt::format("{}: {}", origin.text, error.message);
  }
  return error;
}

Error AtItsKey(const Config& config, Error error) {
  if (error.code != ErrorCode::kUsage) return error;
  const Key* key = FindKey(error.key);
  return key == nullptr ? error : At(config.OriginOf(key->name), std::move(error));
}

Result<Config> Config::Load(const Registry& registry,
                            const std::optional<std::filesystem::path>& file,
                            std::span<const std::pair<std::string, std::string>> environment,
                            std::span<const std::string> overrides) {
  Config config(registry);
  if (file) {
    DELSTEP_ASSIGN(const std::string text, ReadFile(*file, kLargestFile));
    DELSTEP_TRY(config.AddToml(text, file->string()));
  }
  for (const auto& [name, value] : environment) {
    const Key* key = FindKeyOfVariable(name);
    if (key == nullptr || value.empty()) continue;
    DELSTEP_TRY(config.Set(key->name, value, {Origin::Layer::kEnvironment, name}));
  }
  const Origin command_line{Origin::Layer::kCommandLine, "command line"};
  for (const std::string& text : overrides) {
    const auto equals = text.find('=');
    if (equals == std::string::npos)
      return At(command_line,
                UsageError(fmt::format("'{}' is not key=value", text), "write training.lr=0.01"));
    const std::string_view whole = text;
    DELSTEP_TRY(config.Set(Trim(whole.substr(0, equals)), whole.substr(equals + 1), command_line));
  }
  // Who names a file of a graph in a later layer than nodes.count wants the nodes of that file: the
  // scenario that is played when none is named has a count, too.
  if (config.OriginOf("topology.file").layer > config.OriginOf("nodes.count").layer)
    config.scenario_.nodes.count_given = false;
  DELSTEP_TRY(Check(config));
  return config;
}

namespace {

/// A relative path in a file is looked up beside that file first, then in the working directory.
Value FoundBeside(std::string_view file, const TomlEntry& entry) {
  Value value = entry.value;
  const bool is_path =
      entry.key == "topology.file" || entry.key == "data.path" || entry.key == "model.weights";
  if (!is_path || value.text.empty()) return value;
  const auto beside = std::filesystem::path(file).parent_path() / value.text;
  std::error_code error;
  if (std::filesystem::exists(beside, error))
    value.text = std::filesystem::absolute(beside, error).lexically_normal().string();
  return value;
}

}  // namespace

Result<void> Config::AddToml(std::string_view text, std::string_view name) {
  DELSTEP_ASSIGN(const auto entries, ReadToml(text, name));
  const std::string file = std::filesystem::path(name).filename().string();
  for (const TomlEntry& entry : entries) {
    const Origin origin{.layer = Origin::Layer::kFile,
                        .text = fmt::format("{}:{}", file, entry.line),
                        .where = fmt::format("{}:{}:{}", name, entry.line, entry.column)};
    if (IsSection(entry.key)) {
      if (entry.value.kind == Value::Kind::kOther) continue;  // an empty section
      return At(origin, UsageError(fmt::format("{} must be a section, not {}", entry.key,
                                               Shown(entry.value)),
                                   fmt::format("write [{}], and its keys below", entry.key)));
    }
    DELSTEP_TRY(Apply(entry.key, FoundBeside(name, entry), origin));
  }
  return {};
}

Result<void> Config::Set(std::string_view key, std::string_view value, const Origin& origin) {
  if (!IsUtf8(key)) return At(origin, UsageError("a key is not valid UTF-8"));
  const auto read = ReadArgument(value);
  if (!read) {
    Error error = read.error();
    error.message = fmt::format("{}: {}", key, error.message);
    return At(origin, std::move(error));
  }
  return Apply(key, *read, origin);
}

Result<void> Config::SetInRun(std::string_view key, std::string_view value) {
  const Key* row = FindKey(key);
  if (IsGroupKey(key) || (row != nullptr && !row->settable()))
    return UsageError(fmt::format("{} counts only at the start of a run", key),
                      "set changes training.*, aggregation.*, compression.* and network.*, but not "
                      "network.backend and aggregation.share");
  return Set(key, value, {Origin::Layer::kSet, "set"});
}

Result<void> Config::Apply(std::string_view key, const Value& value, const Origin& origin) {
  const Key* row = FindKey(key);
  if (row == nullptr && !IsGroupKey(key)) return At(origin, UnknownKey(key));
  const Key found = row != nullptr ? *row : GroupKey(key);
  if (auto done = found.Set(scenario_, value, *registry_); !done)
    return At(origin, std::move(done).error());
  origins_.insert_or_assign(std::string(key), origin);
  if (key == "nodes.count") scenario_.nodes.count_given = true;
  return {};
}

void Config::FollowNodesCount(std::size_t count) {
  if (scenario_.nodes.count_given) return;
  scenario_.nodes.count = count;
  scenario_.nodes.count_given = true;
  const Origin& file = OriginOf("topology.file");
  if (file.layer == Origin::Layer::kDefault) return;  // no file brought them
  origins_.insert_or_assign(
      "nodes.count", Origin{.layer = file.layer, .text = "topology.file", .where = file.where});
}

const Origin& Config::OriginOf(std::string_view key) const {
  static const Origin kDefault;
  const auto found = origins_.find(key);
  return found == origins_.end() ? kDefault : found->second;
}

std::string Config::ToToml() const {
  std::string toml;
  std::string section;
  VisitKeys(scenario_, [&](const Key& key) {
    const auto dot = key.name.find('.');
    if (dot != std::string_view::npos && key.name.substr(0, dot) != section) {
      section = key.name.substr(0, dot);
      toml += fmt::format("\n[{}]\n", section);
    }
    const auto name = dot == std::string_view::npos ? key.name : key.name.substr(dot + 1);
    toml += fmt::format("{} = {}\n", TomlKey(name), key.Get(scenario_));
  });
  return toml;
}

std::vector<Config::Row> Config::Show() const {
  std::vector<Row> rows;
  VisitKeys(scenario_, [&](const Key& key) {
    rows.push_back({.key = std::string(key.name),
                    .value = key.Get(scenario_),
                    .origin = OriginOf(key.name).text});
  });
  return rows;
}

}  // namespace delstep
