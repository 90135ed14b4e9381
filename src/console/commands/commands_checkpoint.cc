#include <fmt/format.h>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/dry_run.h"

namespace delstep {
namespace {

Result<Reply> WriteCheckpointFile(CommandContext& context) {
  const Word& file = context.arguments.WordOf("CHECKPOINT");
  if (!context.checkpoint) return Refused("nothing here writes checkpoints");
  auto made = context.checkpoint(file.text);
  // Where the file is to blame the error lies at its name.
  if (!made && made.error().code == ErrorCode::kFile) return At(file, std::move(made).error());
  DELSTEP_ASSIGN(const WrittenState written, std::move(made));
  Reply reply;
  reply.text.push_back(fmt::format("wrote {} ({}); delstep --resume {} goes on from here",
                                   file.text, HumanBytes(written.bytes), file.text));
  if (!written.blind.empty())
    reply.text.push_back(
        fmt::format("process {} cannot see its folder, so process 0 fetched the models from there "
                    "and wrote them: a folder that all machines share is faster",
                    fmt::join(written.blind, ", ")));
  reply.fields = {{"file", file.text}, {"bytes", written.bytes}};
  return reply;
}

Result<void> FollowCheckpoint(DryRun& dry_run) {
  return CheckFolderOf(dry_run.arguments.WordOf("CHECKPOINT"));
}

constexpr Command kCheckpoint[] = {
    {.scope = CommandScope::kScripting,
     .usage = "checkpoint FILE",
     .form = "checkpoint CHECKPOINT",
     .sentence = "write everything that is needed to go on, script position included, to a file",
     .example = "checkpoint run.ckpt",
     .more = "`delstep --resume FILE` goes on from there as if the run had never stopped: the same "
             "models, events and hashes, messages on the way, moments and breakpoints included. It "
             "runs "
             "what was queued here at this moment.\n"
             "The file is replaced whole or not at all. Under mpirun each process writes what it "
             "holds, "
             "if it sees the folder. Moments beyond four times the size of the "
             "present one, and 64 MiB, are listed in it and nothing else.",
     .run = WriteCheckpointFile,
     .follow = FollowCheckpoint},
};

}  // namespace

std::span<const Command> CheckpointCommands() { return kCheckpoint; }

}  // namespace delstep
