#pragma once
/// The table of commands, one row per command. Dispatch, help, completion, hints, the checker and
/// docs/reference/commands.md all read the same rows. The rows themselves stand as one array in
/// each commands_*.cc.
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "console/commands/asking.h"
#include "console/commands/breakpoints.h"
#include "console/commands/command_log.h"
#include "console/commands/heard.h"
#include "console/commands/log_entry.h"
#include "console/commands/reply.h"
#include "console/history/history.h"
#include "console/language/command_queue.h"
#include "console/language/pattern.h"
#include "console/language/selector.h"
#include "delstep/registry.h"
#include "delstep/simulation.h"
#include "scenario/config.h"

namespace delstep {

enum class CommandScope {
  kInterface,
  kLearning,
  kSteps,
  kCommunication,
  kNetwork,
  kGroup,
  kLogging,
  kTime,
  kScripting,
};
std::string_view Name(CommandScope scope);

/// Which nodes the words NODE choose.
enum class Who {
  kGiven,    ///< what is given; down ones are refused, or skipped under `all` and groups
  kAll,      ///< the same, and all nodes if none is given
  kAny,      ///< what is given, down ones too
  kKnown,    ///< the same, and unknown ones are set aside
  kMembers,  ///< the members of group G that are up
};

struct CommandContext;
struct DryRun;

/// What `page` is asked: to serve the page, on a port or the one that it has (`port` empty), or not
/// any more.
struct PageRequest {
  bool off = false;
  std::optional<int> port{};  ///< 0: any free one
};
/// Where it is served.
struct PagePlace {
  std::string address;
  std::uint64_t port = 0;
};

/// One row: plain data, so that an array of rows can be constexpr.
struct Command {
  CommandScope scope{};
  std::string_view usage;     ///< what people are shown: "train [NODE...]"
  std::string_view form{};    ///< what words must fit where that is not `usage`; see Pattern
  std::string_view sentence;  ///< what it does
  std::string_view example;
  std::string_view more{};  ///< what help says beyond that: sentences, "\n" between paragraphs
  Who who = Who::kGiven;
  bool left_b = false;         ///< its B may have left
  bool shows = false;          ///< its tables are what was asked for: shown in scripts too
  bool always = false;         ///< what it says is said under --quiet too
  bool pages = false;          ///< it may be long: to be read page by page where a person sits
  bool autonet = false;        ///< a network step follows where autonet is on
  bool enter_repeats = false;  ///< an empty line at the prompt repeats it
  /// Nodes or groups may be others after it, so --check looks at each round of a repeat with it.
  bool changes_directory = false;
  /// It queues commands: the record of a run has those in its place.
  bool inlined = false;
  /// "train": `train NODE...` does again what was done of it at nodes before it was interrupted.
  std::string_view redo{};
  /// What it reads lies outside of the run and may be another thing the next time.
  bool reads_files = false;
  /// It ends in a moment that one can go back to. Others change nothing that decides the future.
  bool changes_world = false;
  /// Time passes in it, and what planned commands queue meanwhile goes on the wire at once.
  bool transmits = false;
  Result<Reply> (*run)(CommandContext&) = nullptr;
  /// What --check does in place of `run`; null: nothing. Errors: as those of `run`.
  Result<void> (*follow)(DryRun&) = nullptr;
};

std::span<const Command> Commands();
/// First words of the rows, each once.
std::span<const std::string> Verbs();

struct Call {
  const Command* command = nullptr;
  CommandArguments arguments;
};
/// The row that the words fit, or what is wrong with them (kUsage, at the word): the same whatever
/// the state. Requires at least one word.
Result<Call> MatchCommand(std::span<const Word> words);
/// The rows that the words fit so far, and what may come next in each.
struct Fitting {
  const Command* command;
  Fit fit;
};
std::vector<Fitting> FittingCommands(std::span<const Word> words);

/// The nodes and groups that the arguments name.
struct Targets {
  std::vector<NodeId> nodes;         ///< of NODE, or the members
  std::vector<NodeId> skipped;       ///< because they are down
  std::vector<const Word*> unknown;  ///< Who::kKnown
  NodeId a{}, b{};
};
/// Errors, at the word: kRefused for what is not there or down; kUsage where A and B are the same
/// node.
Result<Targets> FindTargets(const Call& call, const Directory& directory);

/// What a command may use.
struct CommandContext {
  Simulation& simulation;
  Config& config;
  const Registry& registry;
  CommandQueue& queue;
  const CommandLog& log;
  History& history;
  Breakpoints& breaks;
  Heard& heard;
  bool verbose = false;    ///< people want to see all that happens
  bool planned = false;    ///< it runs by `at` or `every`: it must not let time pass
  bool stoppable = false;  ///< a person, or a program, can end what would run for ever
  std::size_t width = 80;  ///< lines of text should not be wider
  std::stop_token stop{};
  Asking wait{};  ///< empty: nobody is there
  /// Writes a checkpoint as this command leaves everything; empty: nobody can.
  std::function<Result<WrittenState>(const std::string& file)> checkpoint{};
  /// Serves the page, and says where: nothing after `off`. Its addresses, which have secrets in them,
  /// are told to the person at the terminal alone. Empty: nobody can.
  std::function<Result<std::optional<PagePlace>>(const PageRequest& request)> page{};
  /// Says a line at once, before the reply; empty: nobody would see it.
  std::function<void(std::string_view line)> say{};
  /// How much simulated time has passed, of how much.
  std::function<void(Duration passed, std::optional<Duration> of)> progress{};
  /// Runs the planned command that is due next. Its error has been told apart from its time.
  std::function<Result<void>()> run_plan{};
  CommandArguments arguments{};
  Targets targets{};
  std::vector<BreakHit> hits{};        ///< out: breakpoints that have ended it
  bool uncertain = false;              ///< out: see CommandResult
  std::vector<ResultEntry> results{};  ///< out: to be logged after the command
  bool exit = false;                   ///< out: end the program
  std::string redo{};                  ///< out, beside an error: does again what was done of it
  Reply measured{};                    ///< out: what programs get beside the message of an error

  std::string Address(NodeId node) const { return simulation.AddressOf(node); }
  NodeLabel Label(NodeId node) const {
    return {.address = simulation.AddressOf(node), .name = simulation.NameOf(node)};
  }
};

}  // namespace delstep
