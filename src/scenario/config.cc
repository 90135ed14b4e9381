#include "scenario/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "base/bytes.h"
#include "base/files.h"
#include "base/text.h"
#include "base/utf8.h"
#include "delstep/registry.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

constexpr std::size_t kLargestFile = 16 << 20;

/// Whether any key begins with this name and a dot.
bool IsSection(std::string_view name) {
  return name == "groups" || name == "training.at" ||
         std::ranges::any_of(Keys(), [&](const Key& key) {
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

/// Models whose files may bring an optimizer.
bool MayBringOptimizer(const ModelOptions& model) {
  return model.name == "module" || model.name == "tensorflow";
}

/// Values of single nodes, in the section [training]. One line each, as a section may not be opened
/// twice and the order counts.
std::string NodeValuesText(const Scenario& scenario) {
  std::string toml;
  for (const NodeValue& value : scenario.node_values)
    toml += fmt::format("at.{}.{} = {}\n", TomlKey(value.nodes),
                        value.key.substr(std::string_view("training.").size()), value.value);
  return toml;
}

}  // namespace

std::string_view KeyOfNodes(const Scenario& scenario) {
  if (scenario.topology.name == "file" || scenario.topology.name == "contacts")
    return "topology.file";
  return scenario.mobility.name == "trace" ? "mobility.file" : "";
}

std::string_view FileOfNodes(const Scenario& scenario) {
  const std::string_view key = KeyOfNodes(scenario);
  if (key.empty()) return {};
  return key == "topology.file" ? scenario.topology.file : scenario.mobility.file;
}

bool ChoosesRate(const TrainingOptions& training) {
  return training.chosen.contains("training.lr") || training.lr != TrainingOptions().lr;
}

Error At(const Origin& origin, Error error) {
  // A value in a file is the file's fault: exit code 3, with line and column.
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
                            std::span<const std::string> overrides, FileIs file_is) {
  Config config(registry);
  config.file_is_ = file_is;
  if (file) {
    DELSTEP_ASSIGN(const std::string text, ReadText(*file, kLargestFile));
    DELSTEP_TRY(config.AddToml(text, file->string()));
  }
  // After the file, before the command line: later wins.
  for (const auto& [name, value] : environment) {
    const Key* key = FindKeyOfVariable(name);
    // Other variables may begin alike, and an empty one is as good as none.
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
    // Blanks around the key are a slip; blanks in the value may be meant.
    DELSTEP_TRY(config.Set(Trim(whole.substr(0, equals)), whole.substr(equals + 1), command_line));
  }
  // Who names a file of a graph or a trace in a later layer than nodes.count wants the nodes of that
  // file: the scenario that is played when none is named has a count, too.
  const std::string_view file_of_nodes = KeyOfNodes(config.scenario());
  if (!file_of_nodes.empty() &&
      config.OriginOf(file_of_nodes).layer > config.OriginOf("nodes.count").layer)
    config.contents_.Write().scenario.nodes.count_given = false;
  // Last: only now is it known which values will hold.
  DELSTEP_TRY(Check(config));
  return config;
}

namespace {

/// A relative path in a file is looked up beside that file first, then in the working directory.
Value FoundBeside(std::string_view file, const TomlEntry& entry, const Registry& registry) {
  Value value = entry.value;
  const Key* key = FindKey(entry.key);
  const bool is_read =
      key != nullptr && PathUseOf(key->kind, value.text, registry) == PathKey::Use::kRead;
  if (!is_read || value.text.empty() || value.text.starts_with('~')) return value;
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
    if (IsSection(entry.key) ||
        (IsNodeValueKey(entry.key) && entry.value.kind == Value::Kind::kOther)) {
      if (entry.value.kind == Value::Kind::kOther) continue;  // an empty section
      return At(origin, UsageError(fmt::format("{} must be a section, not {}", entry.key,
                                               Shown(entry.value)),
                                   fmt::format("write [{}], and its keys below", entry.key)));
    }
    DELSTEP_TRY(Apply(entry.key, FoundBeside(name, entry, *registry_), origin));
  }
  return {};
}

Result<void> Config::Set(std::string_view key, std::string_view value, const Origin& origin) {
  // From the command line any bytes may come, and messages quote the key.
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
  if (IsNodeValueKey(key))
    return UsageError(fmt::format("{} counts only at the start of a run", key),
                      "now the nodes come last: set training.lr 0.01 10.0.0.3");
  const Key* row = FindKey(key);
  if (IsGroupKey(key) || (row != nullptr && !row->settable()))
    return UsageError(fmt::format("{} counts only at the start of a run", key),
                      "set changes " + SettableKeys());
  return Set(key, value, {Origin::Layer::kSet, "set"});
}

Result<void> Config::Apply(std::string_view key, const Value& value, const Origin& origin) {
  const Key* row = FindKey(key);
  if (row == nullptr && !IsGroupKey(key) && !IsNodeValueKey(key))
    return At(origin, UnknownKey(key));
  Contents& contents = contents_.Write();
  if (IsNodeValueKey(key)) {
    if (auto done = SetNodeValue(key, value, *registry_, contents.scenario); !done)
      return At(origin, std::move(done).error());
    contents.origins.insert_or_assign(NameOf(contents.scenario.node_values.back()), origin);
    return {};
  }
  // Groups have names that users choose, so they have no row in the table.
  const Key found = row != nullptr ? *row : GroupKey(key);
  Value expanded = value;
  if (PathUseOf(found.kind, value.text, *registry_)) {
    expanded.text = ExpandHome(value.text);
    expanded.bare = ExpandHome(value.bare);
  }
  if (auto done = found.Set(contents.scenario, expanded, *registry_); !done)
    return At(origin, std::move(done).error());
  const bool is_default = origin.layer == Origin::Layer::kDefault ||
                          (origin.layer == Origin::Layer::kFile && file_is_ == FileIs::kDefault);
  // Threads and device belong to the machine: runs that differ in them alone have one hash.
  if (key.starts_with("training.") && key != "training.threads" && key != "training.device" &&
      !is_default)
    contents.scenario.training.chosen.insert(std::string(key));
  contents.origins.insert_or_assign(std::string(key), origin);
  if (key == "nodes.count") contents.scenario.nodes.count_given = true;
  return {};
}

void Config::FollowNodesCount(std::size_t count) {
  if (scenario().nodes.count_given) return;
  Contents& contents = contents_.Write();
  contents.scenario.nodes.count = count;
  contents.scenario.nodes.count_given = true;
  const std::string_view key = KeyOfNodes(scenario());
  const Origin& file = OriginOf(key);
  if (file.layer == Origin::Layer::kDefault) return;  // no file brought them
  contents.origins.insert_or_assign(
      "nodes.count", Origin{.layer = file.layer, .text = std::string(key), .where = file.where});
}

const Origin& Config::OriginOf(std::string_view key) const {
  static const Origin kDefault;
  const auto found = contents_->origins.find(key);
  return found == contents_->origins.end() ? kDefault : found->second;
}

// Every value, defaults too: the file must mean the same when defaults change.
std::string Config::ToToml() const {
  std::string toml;
  std::string section;
  VisitKeys(scenario(), [&](const Key& key) {
    const auto dot = key.name.find('.');
    // Keys outside of sections come first in the table, as TOML wants it.
    if (dot != std::string_view::npos && key.name.substr(0, dot) != section) {
      section = key.name.substr(0, dot);
      toml += fmt::format("\n[{}]\n", section);
    }
    const auto name = dot == std::string_view::npos ? key.name : key.name.substr(dot + 1);
    // As a value of the file it would count as chosen, and override the model's own.
    const bool is_open = key.name == "training.lr" && !ChoosesRate(scenario().training) &&
                         MayBringOptimizer(scenario().model);
    toml += fmt::format("{}{} = {}\n", is_open ? "# not set: " : "", TomlKey(name),
                        key.Get(scenario()));
    if (key.name == "training.threads") toml += NodeValuesText(scenario());
  });
  return toml;
}

std::vector<Config::Row> Config::Show() const {
  std::vector<Row> rows;
  const auto add = [&](std::string name, const std::string& value) {
    std::string origin = OriginOf(name).text;
    const auto read = ReadArgument(value);
    rows.push_back({.key = std::move(name),
                    .value = value,
                    .origin = std::move(origin),
                    .json = read ? JsonOf(*read) : "null"});
  };
  VisitKeys(scenario(), [&](const Key& key) {
    add(std::string(key.name), key.Get(scenario()));
    if (key.name != "training.threads") return;  // the last one of its section
    for (const NodeValue& value : scenario().node_values) add(NameOf(value), value.value);
  });
  return rows;
}

std::string Config::SaveOrigins() const {
  ByteWriter writer;
  writer.Add(file_is_ == FileIs::kDefault);
  writer.Add(scenario().nodes.count_given);
  writer.Add(std::uint64_t{scenario().training.chosen.size()});
  for (const std::string& key : scenario().training.chosen) writer.Add(std::string_view(key));
  writer.Add(std::uint64_t{contents_->origins.size()});
  for (const auto& [key, origin] : contents_->origins) {
    writer.Add(std::string_view(key));
    writer.Add(static_cast<std::uint64_t>(origin.layer));
    writer.Add(std::string_view(origin.text));
    writer.Add(std::string_view(origin.where));
  }
  return writer.Take();
}

Result<Config> Config::Restore(const Registry& registry, std::string_view toml,
                               std::string_view origins) {
  Config config(registry);
  const auto damaged = [](const Error& error) {
    return BadFile("the saved configuration is damaged: " + error.message);
  };
  const auto entries = ReadToml(toml, "config.toml");
  if (!entries) return damaged(entries.error());
  for (const TomlEntry& entry : *entries) {
    if (entry.value.kind == Value::Kind::kOther) continue;  // an empty section
    if (const auto done = config.Apply(entry.key, entry.value, Origin()); !done)
      return damaged(done.error());
  }
  ByteReader reader(origins);
  Contents& contents = config.contents_.Write();
  config.file_is_ = reader.Flag() ? FileIs::kDefault : FileIs::kChosen;
  contents.scenario.nodes.count_given = reader.Flag();
  contents.scenario.training.chosen.clear();
  for (std::size_t left = reader.Count(8); left > 0; --left)
    contents.scenario.training.chosen.insert(std::string(reader.Text()));
  contents.origins.clear();
  for (std::size_t left = reader.Count(32); left > 0; --left) {
    Origin& origin = contents.origins[std::string(reader.Text())];
    origin.layer = static_cast<Origin::Layer>(
        reader.NumberUpTo(static_cast<std::uint64_t>(Origin::Layer::kSet)));
    origin.text = std::string(reader.Text());
    origin.where = std::string(reader.Text());
  }
  if (!reader.AtEnd()) return BadFile("the saved configuration is damaged");
  if (const auto fits = Check(config); !fits) return damaged(fits.error());
  return config;
}

namespace {

/// Each that is set, where it stands in the scenario. The name of a part that is none of the user's files is
/// no path.
template <class F>
void ForEachPath(Scenario& scenario, const Registry& registry, bool own_parts, F f) {
  for (const Key& key : Keys()) {
    const bool is_part = std::holds_alternative<PartKey>(key.kind);
    std::string* path = PathToRead(key.kind, registry, scenario);
    if (path != nullptr && !path->empty() && (own_parts || !is_part)) f(key, *path);
  }
}

}  // namespace

std::vector<Config::NamedFile> Config::Files() const {
  std::vector<NamedFile> files;
  Scenario copy = scenario();
  ForEachPath(copy, *registry_, /*own_parts=*/true, [&](const Key& key, const std::string& path) {
    files.push_back({.key = key.name, .path = path});
  });
  return files;
}

void Config::NameFullPaths(bool own_parts) {
  ForEachPath(contents_.Write().scenario, *registry_, own_parts, [](const Key&, std::string& path) {
    std::error_code failed;
    const auto full = std::filesystem::absolute(path, failed);
    if (!failed) path = full.lexically_normal().string();
  });
}

}  // namespace delstep
