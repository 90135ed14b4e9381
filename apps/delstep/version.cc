#include "apps/delstep/version.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "base/hash.h"
#include "base/hash_file.h"
#include "base/text.h"
#include "math/kernels.h"

namespace delstep {
namespace {

bool IsSource(std::string_view name) { return Lower(name).ends_with(".cpp"); }

template <class Make>
void ListParts(std::string_view title, const Parts<Make>& parts, std::string& out) {
  for (const auto& part : parts.entries()) {
    std::string version = part.Version();
    if (!part.make) version += ": " + part.reason;
    if (version.empty()) version = Version() + ", part of this program";
    out += fmt::format("{:<16}{:<12}{}\n", std::exchange(title, ""), part.name, version);
  }
}

/// Nothing if it cannot be read any more.
nlohmann::ordered_json DescribeFile(const std::string& path) {
  const auto hash = HashFile(path);
  std::error_code failed;
  const std::uintmax_t size = hash ? std::filesystem::file_size(path, failed) : 0;
  return {{"name", std::filesystem::path(path).filename().string()},
          {"bytes", failed ? 0 : size},
          {"xxh3", HexHash(hash ? *hash : HashText(""))}};
}

}  // namespace

std::string Version() { return DELSTEP_VERSION; }

std::string CompilerName() {
#if defined(__clang__)
  return fmt::format("clang++ {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("g++ {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

std::string InstructionSet(bool portable) {
  return (portable ? PortableKernels() : BestKernels()).name;
}

std::string VersionText(const Registry& registry) {
  std::string out =
      fmt::format("delstep {}\n{:<16}{}, {}\n{:<16}{}\n", Version(), "compiler", CompilerName(),
                  DELSTEP_BUILD_TYPE, "instructions", InstructionSet(false));
  ListParts("learner", registry.learners, out);
  ListParts("network", registry.networks, out);
  return out;
}

Reply VersionReply(const Registry& registry) {
  Reply reply;
  reply.fields = {{"delstep", Version()},
                  {"compiler", CompilerName()},
                  {"build", std::string(DELSTEP_BUILD_TYPE)},
                  {"instruction_set", InstructionSet(false)}};
  const auto list = [&reply](const char* key, const auto& parts) {
    Table table{.key = key, .columns = {{"part"}, {"present"}, {"version"}, {"detail"}}};
    for (const auto& part : parts.entries()) {
      const std::string own = part.Version();
      table.rows.push_back({std::string(part.name), static_cast<bool>(part.make),
                            own.empty() ? Version() : own,
                            std::string(part.make ? part.sentence : part.reason)});
    }
    reply.tables.push_back(std::move(table));
  };
  list("learners", registry.learners);
  list("networks", registry.networks);
  return reply;
}

std::string EnvironmentJson(const Simulation& simulation) {
  const Scenario& scenario = simulation.scenario();
  nlohmann::ordered_json files = nlohmann::ordered_json::array();
  for (const std::string& path : simulation.data().files) files.push_back(DescribeFile(path));
  nlohmann::ordered_json facts = {{"v", 1},
                                  {"delstep", Version()},
                                  {"compiler", CompilerName()},
                                  {"build", DELSTEP_BUILD_TYPE},
                                  {"instruction_set", InstructionSet(scenario.portable)},
                                  {"portable", scenario.portable},
                                  {"seed", scenario.seed},
                                  {"learner", scenario.model.learner},
                                  {"device", scenario.training.device},
                                  {"network", scenario.network.backend},
                                  {"parameters", simulation.parameters()},
                                  {"data", {{"name", simulation.data().name}, {"files", files}}}};
  if (scenario.topology.name == "file") facts["topology"] = DescribeFile(scenario.topology.file);
  // Files by key, hashed too: config.toml names them, or a copy. Of those that a part reads, only where
  // it is the one that was chosen.
  nlohmann::ordered_json named = nlohmann::ordered_json::object();
  for (const auto& [key, file] :
       {std::pair{"model.file", scenario.model.file},
        std::pair{"model.weights", scenario.model.weights},
        std::pair{"mobility.file", scenario.mobility.name == "trace" ? scenario.mobility.file : ""},
        std::pair{"compute.file", scenario.compute.file},
        std::pair{"churn.file", scenario.churn.name == "trace" ? scenario.churn.file : ""},
        std::pair{"topology.file",
                  scenario.topology.name == "contacts" ? scenario.topology.file : ""},
        std::pair{"aggregation.name",
                  IsSource(scenario.aggregation.name) ? scenario.aggregation.name : ""},
        std::pair{"behaviour.name",
                  IsSource(scenario.behaviour.name) ? scenario.behaviour.name : ""}}) {
    std::error_code failed;
    if (std::filesystem::is_regular_file(file, failed)) named[key] = DescribeFile(file);
  }
  if (!named.empty()) facts["files"] = named;
  return facts.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

std::vector<std::string> FilesThatChanged(std::string_view environment,
                                          const Simulation& simulation, FilesRead read) {
  using Json = nlohmann::ordered_json;
  const Json then = Json::parse(environment, nullptr, false);
  if (!then.is_object()) return {};
  const Json now = Json::parse(EnvironmentJson(simulation));
  std::vector<std::string> changed;
  // Whatever else may lie there under this name is not judged.
  const auto compare = [&](const Json& before, const Json& after) {
    if (before.is_object() && after.is_object() && before.contains("xxh3") &&
        before["xxh3"] != after.value("xxh3", Json()))
      changed.push_back(after.value("name", ""));
  };
  const auto find = [](const Json& in, const char* pointer) {
    const Json::json_pointer at(pointer);
    return in.contains(at) ? in.at(at) : Json();
  };
  const Json data_then = find(then, "/data/files"), data_now = find(now, "/data/files");
  for (std::size_t i = 0; i < std::min(data_then.size(), data_now.size()); ++i)
    if (data_then.is_array()) compare(data_then[i], data_now[i]);
  for (const char* pointer :
       {"/topology", "/files/topology.file", "/files/mobility.file", "/files/model.file",
        "/files/model.weights", "/files/aggregation.name", "/files/behaviour.name"})
    compare(find(then, pointer), find(now, pointer));
  // A checkpoint has what these held.
  if (read == FilesRead::kAll)
    for (const char* pointer : {"/files/compute.file", "/files/churn.file"})
      compare(find(then, pointer), find(now, pointer));
  return changed;
}

std::vector<std::string> FilesThatChangedSince(const std::filesystem::path& config,
                                               const Simulation& simulation) {
  if (config.filename() != "config.toml") return {};
  const auto read = ReadFile((config.parent_path() / "environment.json").string());
  return read ? FilesThatChanged(*read, simulation, FilesRead::kAll) : std::vector<std::string>();
}

}  // namespace delstep
