#include "console/session/checkpoints.h"

#include "checkpoint/checkpoint_file.h"

namespace delstep {

Result<WrittenState> WriteCheckpointOf(const std::string& file, const Simulation& simulation,
                                       const RunPoint& point, const CommandLog& log,
                                       const History& history, const ProgramFacts& program) {
  const bool is_past = static_cast<bool>(point.moment);
  SavedHistory saved = history.Save(point.history, point.config);
  std::vector<Snapshot> moments;
  for (const SavedHistory::Kept& kept : saved.kept) moments.push_back(kept.snapshot);
  DELSTEP_ASSIGN(const SavedState state, simulation.SaveState(point.moment, moments));
  saved.KeepFirst(state.moments);
  // The run may go on in another folder.
  Config config = point.config;
  config.NameFullPaths(false);
  CheckpointTexts texts;
  texts.config = config.ToToml();
  texts.origins = config.SaveOrigins();
  texts.environment = program.environment;
  texts.session = SaveSession(point.session, log);
  texts.history = SaveHistory(saved);
  texts.facts = {.program = program.version,
                 .instruction_set = program.instruction_set,
                 .data = simulation.data().name,
                 .nodes = simulation.Nodes().size(),
                 .cycle = is_past ? point.moment.cycle() : simulation.cycle(),
                 .time = is_past ? point.moment.now() : simulation.now(),
                 .next = point.session.Ahead(),
                 .from_input = point.session.from_input};
  return WriteCheckpoint(file, texts, state);
}

}  // namespace delstep
