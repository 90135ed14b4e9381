#include "apps/delstep/made_run.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "apps/delstep/resume.h"
#include "apps/delstep/setup.h"
#include "apps/delstep/version.h"
#include "base/text.h"

namespace delstep {
namespace {

class RunMaker {
 public:
  RunMaker(const Arguments& arguments, const Registry& registry, Teller& teller, MadeRun& run)
      : arguments_(arguments), registry_(registry), teller_(teller), run_(run) {}

  Result<void> Make() {
    DELSTEP_TRY(arguments_.resume.empty() ? BeginRun() : ResumeRun());
    for (const std::string& file : FilesThatChangedSince(arguments_.scenario, *run_.simulation))
      teller_.Print(fmt::format(
          "delstep: warning: {} is not what it was when {} was recorded: results may differ\n",
          file, arguments_.scenario));
    run_.config.FollowNodesCount(run_.simulation->scenario().nodes.count);
    for (const std::string& note : run_.simulation->Notes()) teller_.Note(note);
    const ModelFacts facts = run_.simulation->model_facts();
    if (!facts.optimizer.empty() &&
        run_.config.scenario().training.chosen.contains("training.optimizer"))
      teller_.Note(fmt::format("training.optimizer does not count: the model brings its own {}",
                               facts.optimizer));
    if (arguments_.verbose)
      teller_.Print(
          fmt::format("delstep: {}, {} of {} examples, {} parameters, {}\n",
                      Count(run_.simulation->Nodes().size(), "node"), run_.simulation->data().name,
                      run_.simulation->data().dataset.size(), run_.simulation->parameters(),
                      InstructionSet(run_.config.scenario().portable)));
    return {};
  }

 private:
  Result<void> BeginRun() {
    DELSTEP_ASSIGN(run_.config, LoadConfig(arguments_, registry_));
    // Under --quiet too: a warning says that the run may not be the one that was wanted.
    teller_.Print(EnvironmentWarnings());
    DELSTEP_TRY(Prepare());
    auto simulation = Simulation::Create(run_.config.scenario(), registry_);
    if (!simulation) return AtItsKey(run_.config, std::move(simulation).error());
    run_.simulation = *std::move(simulation);
    TellNodesOfFile();
    return {};
  }

  /// Of a run that begins: later nodes join and leave.
  void TellNodesOfFile() {
    const Scenario& scenario = run_.config.scenario();
    const std::size_t count = run_.simulation->Nodes().size();
    const Origin& origin = run_.config.OriginOf("nodes.count");
    if (scenario.nodes.count == count || origin.layer == Origin::Layer::kDefault) return;
    teller_.Note(fmt::format("nodes.count = {}, as {} has (not {}, as {} says)", count,
                             FileOfNodes(scenario), scenario.nodes.count, origin.text));
  }

  Result<void> ResumeRun() {
    const std::string& file = arguments_.resume;
    const bool many = registry_.cluster != nullptr;
    DELSTEP_ASSIGN(run_.resumed,
                   ReadCheckpointFile(file, many ? StateReader::kMany : StateReader::kOne));
    auto config = ConfigOf(*run_.resumed, arguments_, registry_);
    if (!config) return OfCheckpoint(file, std::move(config).error());
    run_.config = *std::move(config);
    DELSTEP_TRY(Prepare());
    auto history = HistoryOf(*run_.resumed, run_.config, arguments_, registry_);
    if (!history) return OfCheckpoint(file, std::move(history).error());
    run_.history = *std::move(history);
    auto simulation = ResumeSimulation(*run_.resumed, run_.config, registry_, *run_.history);
    if (!simulation) return OfCheckpoint(file, std::move(simulation).error());
    run_.simulation = *std::move(simulation);
    run_.resumed->world.clear();
    run_.resumed->mapped.reset();
    for (const std::string& note :
         ResumeNotes(run_.resumed->texts.facts, run_.config.scenario().portable))
      teller_.Note(note);
    for (const std::string& changed : FilesThatChanged(
             run_.resumed->texts.environment, *run_.simulation, FilesRead::kBesideCheckpoint))
      teller_.Print(fmt::format(
          "delstep: warning: {} is not what it was when {} was written: results may differ\n",
          changed, file));
    return {};
  }

  /// The user's own code is compiled, so that what takes time is told.
  Result<void> Prepare() {
    const auto say = [this](std::string_view text) { teller_.Say(text); };
    if (auto prepared = PrepareUserCode(arguments_, run_.config, registry_, say); !prepared)
      return AtItsKey(run_.config, std::move(prepared).error());
    return {};
  }

  const Arguments& arguments_;
  const Registry& registry_;
  Teller& teller_;
  MadeRun& run_;
};

}  // namespace

Result<void> MakeRun(const Arguments& arguments, const Registry& registry, Teller& teller,
                     MadeRun& run) {
  return RunMaker(arguments, registry, teller, run).Make();
}

}  // namespace delstep
