#include "console/session/checkpoints.h"

#include "checkpoint/checkpoint_file.h"

namespace delstep {

Result<Bytes> WriteCheckpointOf(const std::string& file, const Simulation& simulation,
                                const RunPoint& point, const CommandLog& log,
                                const ProgramFacts& program) {
  const bool is_past = static_cast<bool>(point.moment);
  DELSTEP_ASSIGN(const SavedState state,
                 is_past ? simulation.SaveState(point.moment) : simulation.SaveState());
  // The run may go on in another folder.
  Config config = point.config;
  config.NameFullPaths();
  CheckpointTexts texts;
  texts.config = config.ToToml();
  texts.origins = config.SaveOrigins();
  texts.environment = program.environment;
  texts.session = SaveSession(point.session, log);
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
