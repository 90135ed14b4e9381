#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/dry_run.h"
#include "console/commands/reply_parts.h"

namespace delstep {
namespace {

constexpr std::string_view kSlot = "{}";

/// The file of this node: its address stands for every {}.
std::string FileOf(std::string name, std::string_view address) {
  for (auto at = name.find(kSlot); at != std::string::npos;
       at = name.find(kSlot, at + address.size()))
    name.replace(at, kSlot.size(), address);
  return name;
}

/// What may be several nodes needs a file for each.
Result<void> CheckName(const CommandArguments& arguments) {
  const Word& file = arguments.WordOf("MODEL");
  const Word& who = arguments.WordOf("NODE");
  if (arguments.Get<Selector>("NODE")->kind == Selector::Kind::kNode ||
      file.text.find(kSlot) != std::string::npos)
    return {};
  const std::size_t dot = std::min(file.text.rfind('.'), file.text.size());
  return At(file, UsageError(fmt::format("'{}' is one file, and '{}' may be several nodes",
                                         file.text, who.text),
                             fmt::format("put {{}} where the address belongs: {}-{{}}{}",
                                         file.text.substr(0, dot), file.text.substr(dot))));
}

Result<void> FollowExport(DryRun& dry_run) {
  DELSTEP_TRY(CheckName(dry_run.arguments));
  const Word& file = dry_run.arguments.WordOf("MODEL");
  if (auto writer = dry_run.registry.tensor_writers.FindByEnding(file.text); !writer)
    return At(file, std::move(writer).error());
  return file.text.find(kSlot) == std::string::npos ? CheckFolderOf(file) : Result<void>();
}

Result<Reply> Export(CommandContext& context) {
  DELSTEP_TRY(CheckName(context.arguments));
  const Word& word = context.arguments.WordOf("MODEL");
  Table table{
      .key = "files",
      .columns = {{"node", "node"}, {"file", "file"}, {"tensors", "tensors"}, {"bytes", "bytes"}},
      .shown = 12};
  for (const NodeId node : context.targets.nodes) {
    // Between two files: each is there whole or not at all.
    if (context.stop.stop_requested())
      return Interrupted(fmt::format("stopped after {}", Count(table.rows.size(), "file")));
    const std::string file = FileOf(word.text, context.Address(node));
    auto report = context.simulation.Export(node, file);
    if (!report) return At(word, std::move(report).error());
    table.rows.push_back({context.Label(node), file, report->tensors, report->bytes});
  }
  Reply reply;
  if (table.rows.size() == 1) {
    reply.text.push_back(fmt::format("wrote the model of {}, {}, to {}",
                                     context.Label(context.targets.nodes[0]).shown(),
                                     Count(std::get<std::uint64_t>(table.rows[0][2]), "tensor"),
                                     std::get<std::string>(table.rows[0][1])));
    table.shown = 0;
  } else {
    reply.text.push_back(fmt::format("wrote {}", Count(table.rows.size(), "model")));
  }
  reply.fields = {{"models", table.rows.size()}};
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<void> FollowImport(DryRun& dry_run) {
  const Word& file = dry_run.arguments.WordOf("MODEL");
  if (auto reader = dry_run.registry.tensor_readers.FindByEnding(file.text); !reader)
    return At(file, std::move(reader).error());
  return {};
}

Result<Reply> Import(CommandContext& context) {
  const Word& word = context.arguments.WordOf("MODEL");
  std::vector<ImportRequest> requests;
  Table table{.key = "files", .columns = {{"node", "node"}, {"file", "file"}}, .shown = 12};
  for (const NodeId node : context.targets.nodes) {
    // A name without {} is one model for all of them.
    requests.push_back({.node = node, .file = FileOf(word.text, context.Address(node))});
    table.rows.push_back({context.Label(node), requests.back().file});
  }
  const auto report = context.simulation.Import(requests);
  if (!report) return At(word, report.error());
  Reply reply;
  if (requests.size() == 1) {
    reply.text.push_back(fmt::format("{} has the model of {}, {}",
                                     context.Label(requests[0].node).shown(), requests[0].file,
                                     Count(report->tensors, "tensor")));
    table.shown = 0;
  } else {
    reply.text.push_back(
        fmt::format("{} have models of files now", Count(requests.size(), "node")));
  }
  reply.fields = {{"models", std::uint64_t{requests.size()}},
                  {"tensors", std::uint64_t{report->tensors}}};
  reply.tables.push_back(std::move(table));
  return reply;
}

constexpr Command kModel[] = {
    {.scope = CommandScope::kLogging,
     .usage = "import NODE FILE",
     .form = "import NODE MODEL",
     .sentence = "read models of files into nodes, all or none; {} in the name of the file stands "
                 "for the address, without it all get the same; the optimizer state stays",
     .example = "import all model-{}.npz",
     .who = Who::kAny,
     .reads_files = true,
     .changes_world = true,
     .run = Import,
     .follow = FollowImport},
    {.scope = CommandScope::kLogging,
     .usage = "export NODE FILE",
     .form = "export NODE MODEL",
     .sentence = "write models, by ending .safetensors, .npz, .pt or .pth; "
                 "{} in the name of the file stands for the address",
     .example = "export 10.0.0.1 model.safetensors",
     .who = Who::kAny,
     .run = Export,
     .follow = FollowExport},
};

}  // namespace

std::span<const Command> ModelCommands() { return kModel; }

}  // namespace delstep
