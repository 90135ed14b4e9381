#include "apps/delstep/version.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/files.h"
#include "base/hash.h"
#include "math/kernels.h"

namespace delstep {
namespace {

template <class Make>
void ListParts(std::string_view title, const Parts<Make>& parts, std::string& out) {
  for (const auto& part : parts.entries())
    out += fmt::format("{:<16}{:<12}{}\n", std::exchange(title, ""), part.name,
                       part.make ? Version() + ", part of this program" : "absent: " + part.reason);
}

/// Nothing if it cannot be read any more.
nlohmann::ordered_json DescribeFile(const std::string& path) {
  const auto read = ReadFile(path);
  const std::string bytes = read ? *read : "";
  return {{"name", std::filesystem::path(path).filename().string()},
          {"bytes", bytes.size()},
          {"xxh3", HexHash(HashText(bytes))}};
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
    Table table{.key = key, .columns = {{"part"}, {"present"}, {"detail"}}};
    for (const auto& part : parts.entries())
      table.rows.push_back({std::string(part.name), static_cast<bool>(part.make),
                            std::string(part.make ? part.sentence : part.reason)});
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
                                  {"network", scenario.network.backend},
                                  {"parameters", simulation.parameters()},
                                  {"data", {{"name", simulation.data().name}, {"files", files}}}};
  if (scenario.topology.name == "file") facts["topology"] = DescribeFile(scenario.topology.file);
  return facts.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

}  // namespace delstep
