#include "apps/delstep/signature.h"

#include <memory>
#include <vector>

#include "base/hash.h"
#include "console/session/session.h"
#include "delstep/simulation.h"
#include "scenario/config.h"

namespace delstep {
namespace {

constexpr std::string_view kScenario = R"toml(
seed = 20
nodes.count = 9
nodes.names = ["ann", "bob"]
topology.name = "regular"
topology.degree = 4
network.loss = 0.1
network.latency = "uniform(5ms,50ms)"
network.bandwidth = "10Mbps"
data.name = "blobs"
data.samples = 1200
data.features = 20
data.classes = 5
partition.name = "dirichlet"
partition.samples_per_node = 120
model.hidden = [24, 12]
training.epochs = 2
training.batch_size = 32
groups.odd = ["ann", "10.0.0.3", "10.0.0.5"]
)toml";

/// Every part of a run: each kind of learning, sending, failing and regrouping.
constexpr std::string_view kScript = R"(
train; test local; flood; nstep; ag; test
cycle; step; gossip 2; nstep 20ms; nstep 10.0.0.[1-4]; step; test global
cycle; lrate 0.5 bob; node down 10.0.0.7; flood; nstep; ag; node up 10.0.0.7
group create g; group g add ann 10.0.0.4 10.0.0.9; group g share; nstep; group g step; test group g
cycle; set aggregation.name median; link 0.8; node add like bob; flood all; nstep; ag all
set training.optimizer sgd; set training.lr 0.05; repeat 2 { train; gossip 1; nstep; ag }; test global
node remove 10.0.0.3; train; test
)";

}  // namespace

Result<std::uint64_t> Signature(std::span<const std::string> overrides, const Registry& registry) {
  Config config(registry);
  DELSTEP_TRY(config.AddToml(kScenario, "signature"));
  for (const std::string& override : overrides) {
    const auto equals = override.find('=');
    DELSTEP_TRY(config.Set(override.substr(0, equals), override.substr(equals + 1),
                           {Origin::Layer::kCommandLine, "command line"}));
  }
  DELSTEP_TRY(Check(config));
  DELSTEP_ASSIGN(const auto simulation, Simulation::Create(config.scenario(), registry));
  std::string failure;
  const Session::Outputs outputs{[](std::string_view) {},
                                 [&](std::string_view text) { failure += text; }};
  DELSTEP_ASSIGN(const auto session, Session::Create(*simulation, config, registry, {}, outputs));
  session->RunText(kScript, "signature");
  if (session->exit_code() != 0)
    return Error{static_cast<ErrorCode>(session->exit_code()),
                 "the fixed script failed: " + failure};

  std::uint64_t hash = simulation->WorldHash();
  for (const LogEntry& entry : session->log()) hash = HashText(FormatLogEntry(entry), hash);
  for (const NodeId node : simulation->Nodes()) {
    const std::uint64_t model = simulation->ModelHash(node);
    hash = HashBytes(std::as_bytes(std::span(&model, 1)), hash);
  }
  return hash;
}

}  // namespace delstep
