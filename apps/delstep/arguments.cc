#include "apps/delstep/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <map>
#include <tuple>
#include <utility>

#include "apps/delstep/option_values.h"
#include "base/files.h"
#include "base/text.h"
#include "page/http_server.h"
#include "scenario/keys.h"
#include "scenario/units.h"

namespace delstep {

const std::vector<std::string>& OptionNames() {
  static const std::vector<std::string> kNames = {
      "--again",     "--band",       "--check",   "--checkpoint", "--checkpoint-every",
      "--color",     "--data",       "--echo",    "--help",       "--jobs",
      "--json",      "--keep-going", "--metric",  "--out",        "--page",
      "--page-bind", "--portable",   "--quiet",   "--resume",     "--seed",
      "--signature", "--title",      "--verbose", "--version",    "--x",
      "-c",          "-f",           "-h",        "-i",           "-v"};
  return kNames;
}

const std::vector<std::string>& ShellWords() {
  static const std::vector<std::string> kWords = {"bench", "docs",     "doctor", "help",  "new",
                                                  "plot",  "scenario", "setup",  "sweep", "view"};
  return kWords;
}

const std::vector<std::string>& ReferencePages() {
  static const std::vector<std::string> kPages = {
      "commands",       "config",          "json", "networks", "completion bash",
      "completion zsh", "completion fish", "man"};
  return kPages;
}

std::span<const std::string_view> KeysBesideResume() {
  static constexpr std::array<std::string_view, 6> kKeys = {
      "training.device", "training.threads", "data.path",
      "test.limit",      "history.memory",   "recording.tensorboard"};
  return kKeys;
}

namespace {

/// "training.lr=0.1": a dotted name before the first '='.
bool IsOverride(std::string_view word) {
  const auto equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  // Between these dots stand selectors: @slow, 10.0.0.[3-4], "@slow ann".
  if (IsNodeValueKey(word)) return true;
  return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
  });
}

Error UnknownOption(const std::string& option) {
  const auto bare = [](const std::string& name) {
    return name.substr(std::min(name.find_first_not_of('-'), name.size()));
  };
  const std::string name = option.substr(0, option.find('='));
  std::vector<std::string> known = OptionNames();
  // Without the dashes, which all have in common: "nix" is far from "x".
  std::erase_if(known, [&](const std::string& other) {
    return Nearest(bare(name), std::vector{bare(other)}).empty();
  });
  const std::string hint = DidYouMean(name, known);
  return UsageError("unknown option '" + option + "'", hint.empty() ? "see delstep --help" : hint);
}

/// Collects what the parser found, in the order given.
class Collector {
 public:
  Result<void> Take(const std::string& option, const std::string& value) {
    if (option == "words") return TakeWord(value);
    DELSTEP_ASSIGN(const bool taken, TakeVerbOption(option, value, verb_options_));
    if (taken) return {};
    if (option == "-f")
      arguments_.sources.push_back(value == "-" ? CommandSource{CommandSource::Kind::kInput}
                                                : CommandSource{CommandSource::Kind::kFile, value});
    if (option == "-c") arguments_.sources.push_back({CommandSource::Kind::kText, value});
    if (option == "-i") arguments_.stay = true;
    if (option == "-v") arguments_.verbose = true;
    if (option == "--check") arguments_.checks.push_back(value);
    if (option == "--keep-going") arguments_.keep_going = true;
    if (option == "--json") arguments_.json = true;
    if (option == "--echo") arguments_.echo = true;
    if (option == "--quiet") arguments_.quiet = true;
    if (option == "--seed") arguments_.overrides.push_back("seed=" + value);
    if (option == "--portable") arguments_.overrides.emplace_back("portable=true");
    if (option == "--out") return TakeFolder(value);
    if (option == "--color") return TakeColor(value);
    if (option == "--resume") return TakeOnce(arguments_.resume, option, value);
    if (option == "--page") return TakePort(value);
    if (option == "--page-bind") {
      if (!arguments_.page_port) arguments_.page_port = kUsualPagePort;
      return TakeOnce(arguments_.page_bind, option, value);
    }
    if (option == "--checkpoint") return TakeOnce(arguments_.checkpoint, option, value);
    if (option == "--checkpoint-every") return TakeInterval(value);
    if (option == "--signature") signature_ = true;
    if (option == "--help") help_ = true;
    if (option == "--version") version_ = true;
    return {};
  }

  Result<Arguments> Finish() {
    if (help_ || version_) {
      arguments_.verb = help_ ? Arguments::Verb::kHelp : Arguments::Verb::kVersion;
      return arguments_;
    }
    DELSTEP_TRY(FindVerb());
    DELSTEP_TRY(CheckVerbOptions());
    if (signature_ && arguments_.verb != Arguments::Verb::kSignature)
      return UsageError("--signature belongs to bench", "delstep bench --signature");
    if (names_.size() > 1)
      return UsageError("one scenario at most, not '" + names_[0] + "' and '" + names_[1] + "'",
                        MeantOverride());
    if (!names_.empty()) arguments_.scenario = names_[0];
    DELSTEP_TRY(CheckCheckpoints());
    return arguments_;
  }

 private:
  Result<void> TakeWord(const std::string& word) {
    if (word.empty()) return UsageError("an empty argument", "see delstep --help");
    // Folders, which may have a '=' in their names: a sweep makes such ones.
    if (!names_.empty() && names_.front() == "plot") {
      names_.push_back(word);
      return {};
    }
    const auto equals = word.find('=');
    if (IsNodeValueKey(word) && equals != std::string::npos) {
      // Quotes belong there in a file; a shell may leave them.
      std::string key = word.substr(0, equals);
      std::erase(key, '"');
      arguments_.overrides.push_back(key + word.substr(equals));
      return {};
    }
    (IsOverride(word) ? arguments_.overrides : names_).push_back(word);
    return {};
  }

  /// "training.lr 0.1", "training.lr = 0.1"
  std::string MeantOverride() const {
    for (std::size_t i = 0; i + 1 < names_.size(); ++i) {
      std::string value = names_[i + 1];
      if (value == "=" && i + 2 < names_.size()) value = names_[i + 2];
      if (value.starts_with('=')) value.erase(0, 1);
      if (FindKey(names_[i]) != nullptr && !value.empty())
        return fmt::format("write {}={}", names_[i], value);
    }
    const auto script = std::ranges::find_if(
        names_, [](const std::string& name) { return Lower(name).ends_with(".del"); });
    if (script != names_.end()) {
      const std::string& other = script == names_.begin() ? names_[1] : names_[0];
      return fmt::format("a script is run with -f: delstep {} -f {}", other, *script);
    }
    if (arguments_.page_port)
      return "the port of --page is a number, 0 takes any that is free; options of a run are "
             "written "
             "key=value";
    return "options of a run are written key=value";
  }

  static Result<void> TakeOnce(std::string& into, const std::string& option,
                               const std::string& value) {
    if (!into.empty() && into != value)
      return UsageError(fmt::format("{} is given twice: {} and {}", option, into, value));
    into = value;
    return {};
  }

  Result<void> TakePort(const std::string& value) {
    constexpr std::uint64_t kLastPort = 65'535;
    const auto port = ParseUnsigned(value);
    if (!port || *port > kLastPort)
      return UsageError(fmt::format("a port is a number up to {}, not '{}'", kLastPort, value),
                        "0 takes any that is free");
    arguments_.page_port = static_cast<int>(*port);
    return {};
  }

  Result<void> TakeInterval(const std::string& text) {
    CheckpointInterval interval;
    // "1 command" is as good as "1commands".
    std::string_view number = Trim(text);
    for (const std::string_view unit : {"commands", "command"})
      if (number.ends_with(unit)) {
        number = Trim(number.substr(0, number.size() - unit.size()));
        const auto commands = ParseUnsigned(number);
        if (!commands || *commands == 0) return WrongInterval(text);
        interval.commands = *commands;
        arguments_.checkpoint_every = interval;
        return {};
      }
    const auto time = ParseDuration(text);
    if (!time || *time <= Duration(0)) return WrongInterval(text);
    interval.time = *time;
    arguments_.checkpoint_every = interval;
    return {};
  }
  static Error WrongInterval(const std::string& text) {
    return UsageError(fmt::format("--checkpoint-every is no '{}'", text),
                      "a time of the wall clock such as 30s or 10min, or a number of commands such "
                      "as 10commands");
  }

  /// What goes together with --resume, and what does not.
  Result<void> CheckCheckpoints() const {
    if (arguments_.checkpoint_every && arguments_.checkpoint.empty())
      return UsageError("--checkpoint-every needs --checkpoint FILE",
                        "it says which file is written");
    if (arguments_.resume.empty()) return {};
    if (arguments_.verb != Arguments::Verb::kRun)
      return UsageError("--resume belongs to a run", "delstep --resume FILE");
    if (!arguments_.scenario.empty())
      return UsageError(fmt::format("'{}' cannot be given beside --resume", arguments_.scenario),
                        "the checkpoint has the scenario of its run");
    for (const std::string& text : arguments_.overrides) {
      const std::string_view key = Trim(std::string_view(text).substr(0, text.find('=')));
      if (std::ranges::find(KeysBesideResume(), key) == KeysBesideResume().end())
        return UsageError(
            fmt::format("{} cannot be given beside --resume: the checkpoint has it", key),
            "beside --resume only " +
                Join(std::vector<std::string>(KeysBesideResume().begin(), KeysBesideResume().end()),
                     ", ") +
                " may be given; `set KEY VALUE` changes others afterwards");
    }
    return {};
  }

  Result<void> TakeFolder(const std::string& folder) {
    if (folder.empty()) return UsageError("--out needs the name of a folder");
    arguments_.out = folder;
    return {};
  }

  Result<void> TakeColor(const std::string& when) {
    if (when != "auto" && when != "always" && when != "never")
      return UsageError("--color must be one of auto, always, never, not '" + when + "'");
    arguments_.color = when == "always"  ? Arguments::Color::kAlways
                       : when == "never" ? Arguments::Color::kNever
                                         : Arguments::Color::kAuto;
    return {};
  }

  /// What is written must be a name that the program knows as C++ afterwards.
  Result<void> TakeOwnCode() {
    std::string& file = arguments_.file;
    std::filesystem::path path(file);
    if (path.extension().empty() && path.has_filename()) file += ".cpp";
    if (file.ends_with(".cpp")) return {};
    return UsageError(fmt::format("'{}' does not end in .cpp", file),
                      fmt::format("write {}", path.replace_extension(".cpp").string()));
  }

  Result<void> FindVerb() {
    if (names_.empty()) return {};
    const std::string verb = names_.front();
    if (verb == "help" || verb == "?") {
      arguments_.verb = Arguments::Verb::kHelp;
      names_.erase(names_.begin());
      arguments_.page = Join(std::exchange(names_, {}), " ");
      return {};
    }
    if (std::ranges::find(ShellWords(), verb) == ShellWords().end()) return {};
    names_.erase(names_.begin());
    if (verb == "plot") return TakePlot();
    if (verb == "sweep") {
      // What is left is the scenario.
      arguments_.verb = Arguments::Verb::kSweep;
      return TakeSweep();
    }
    if (verb == "scenario") return TakeScenario();
    if (verb == "view") return TakeView();
    if (verb == "doctor") arguments_.verb = Arguments::Verb::kDoctor;
    if (verb == "setup") arguments_.verb = Arguments::Verb::kSetup;
    if (verb == "bench") {
      if (!signature_)
        return UsageError("bench needs to be told what to measure", "delstep bench --signature");
      arguments_.verb = Arguments::Verb::kSignature;
    }
    if (verb == "docs") return TakePage();
    if (verb == "new") {
      struct Kind {
        std::string_view name, file;
        Arguments::Verb verb;
      };
      constexpr std::array<Kind, 3> kKinds = {
          {{"module", "learning_module.cpp", Arguments::Verb::kNewModule},
           {"aggregator", "my_rule.cpp", Arguments::Verb::kNewAggregator},
           {"behaviour", "my_behaviour.cpp", Arguments::Verb::kNewBehaviour}}};
      const auto kind = std::ranges::find(kKinds, names_.empty() ? "" : names_[0], &Kind::name);
      if (kind == kKinds.end() || names_.size() > 2)
        return UsageError(
            "new writes a learning module, a rule of aggregation or a behaviour to begin with",
            "delstep new module|aggregator|behaviour [FILE.cpp]");
      arguments_.verb = kind->verb;
      arguments_.file = names_.size() == 2 ? names_[1] : kind->file;
      names_.clear();
      return TakeOwnCode();
    }
    if (!names_.empty())
      return UsageError(verb + " takes no '" + names_[0] + "'", "see delstep --help");
    return {};
  }

  Result<void> TakePage() {
    arguments_.verb = Arguments::Verb::kReference;
    arguments_.page = Join(std::exchange(names_, {}), " ");
    // What it was before there were other shells.
    if (arguments_.page == "completion") arguments_.page = "completion bash";
    if (std::ranges::find(ReferencePages(), arguments_.page) != ReferencePages().end()) return {};
    return UsageError("docs prints one of the pages: " + Join(ReferencePages(), ", "),
                      "delstep docs commands");
  }

  Result<void> TakePlot() {
    arguments_.verb = Arguments::Verb::kPlot;
    if (names_.empty())
      return UsageError("plot needs the folder of a run or a sweep", "delstep plot DIR");
    if (!arguments_.overrides.empty() || !arguments_.sources.empty())
      return UsageError("plot draws what was recorded, and runs nothing",
                        "delstep plot DIR takes no keys and no scripts; see delstep help plot");
    verb_options_.plot.folders = std::exchange(names_, {});
    return {};
  }

  Result<void> TakeScenario() {
    arguments_.verb = Arguments::Verb::kScenario;
    const std::vector<std::string> words = std::exchange(names_, {});
    const std::string what = words.empty() ? "" : words.front();
    if ((what != "list" || words.size() != 1) && (what != "show" || words.size() != 2))
      return UsageError("scenario lists the scenarios that there are, or shows one",
                        "delstep scenario list, or delstep scenario show NAME");
    if (what == "show") arguments_.page = words.back();
    if (!arguments_.overrides.empty() || !arguments_.sources.empty())
      return UsageError("scenario shows what there is, and runs nothing",
                        "a scenario is run with delstep NAME -f NAME.del");
    return {};
  }

  Result<void> TakeView() {
    arguments_.verb = Arguments::Verb::kView;
    const std::vector<std::string> words = std::exchange(names_, {});
    if (words.empty() || words.size() > 2)
      return UsageError("view shows the recording of one run", "delstep view DIR [PORT]");
    if (!arguments_.overrides.empty() || !arguments_.sources.empty())
      return UsageError("view shows what was recorded, and runs nothing",
                        "delstep view DIR takes no keys and no scripts");
    arguments_.file = words.front();
    return words.size() == 2 ? TakePort(words.back()) : Result<void>();
  }

  /// Each of its runs begins and ends by itself.
  Result<void> TakeSweep() const {
    if (arguments_.out.empty())
      return UsageError("sweep needs a folder for its runs", "write --out DIR");
    for (const auto& [given, name] :
         {std::pair{arguments_.stay, "-i"}, std::pair{!arguments_.checks.empty(), "--check"},
          std::pair{!arguments_.checkpoint.empty(), "--checkpoint"},
          std::pair{!arguments_.page_bind.empty(), "--page-bind"},
          std::pair{arguments_.page_port.has_value(), "--page"}})
      if (given)
        return UsageError(fmt::format("sweep takes no {}", name), "see delstep help sweep");
    for (const CommandSource& source : arguments_.sources)
      if (source.kind == CommandSource::Kind::kInput)
        return UsageError("a sweep cannot read its script from standard input",
                          "every run reads it: write it into a file");
    return {};
  }

  /// Options of plot and sweep belong there.
  Result<void> CheckVerbOptions() {
    for (const auto& [option, verb, name] :
         {std::tuple{verb_options_.plot_option, Arguments::Verb::kPlot, "plot"},
          std::tuple{verb_options_.sweep_option, Arguments::Verb::kSweep, "sweep"}})
      if (!option.empty() && arguments_.verb != verb)
        return UsageError(fmt::format("{} belongs to {}", option, name),
                          fmt::format("see delstep help {}", name));
    arguments_.plot = verb_options_.plot;
    arguments_.sweep = verb_options_.sweep;
    return {};
  }

  Arguments arguments_;
  VerbOptions verb_options_;
  std::vector<std::string> names_;
  bool help_ = false, version_ = false, signature_ = false;
};

void Declare(CLI::App& app) {
  app.set_help_flag();
  app.allow_extras();
  app.add_flag("-h,--help")->disable_flag_override();
  for (const char* flag : {"-i", "-v,--verbose", "--version", "--keep-going", "--json", "--echo",
                           "--portable", "--quiet", "--signature", "--data", "--again"})
    app.add_flag(flag)->disable_flag_override();
  for (const ValueOption& option : ValueOptions())
    app.add_option(std::string(option.name))
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("words")->expected(0, 1 << 20)->allow_extra_args(true);
}

std::string NameOf(const CLI::Option& option) {
  if (option.get_positional()) return "words";
  const bool has_short = !option.get_snames().empty();
  const std::string name =
      has_short ? "-" + option.get_snames().front() : "--" + option.get_lnames().front();
  return name == "-h" ? "--help" : name;
}

/// A shell leaves `--out=~/run` as it is.
void ExpandHomes(Arguments& arguments) {
  arguments.out = ExpandHome(arguments.out);
  arguments.resume = ExpandHome(arguments.resume);
  arguments.checkpoint = ExpandHome(arguments.checkpoint);
  arguments.file = ExpandHome(arguments.file);
  for (std::string& script : arguments.checks) script = ExpandHome(script);
  for (std::string& folder : arguments.plot.folders) folder = ExpandHome(folder);
  for (CommandSource& source : arguments.sources)
    if (source.kind == CommandSource::Kind::kFile) source.text = ExpandHome(source.text);
}

/// The port of --page may be left out: it gets the usual one here, so that the parser sees an option
/// with a value like all others.
std::vector<std::string> WithPagePort(std::span<const std::string> words) {
  std::vector<std::string> whole;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (words[at] == "--") {
      whole.insert(whole.end(), words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
      break;
    }
    const bool bare = words[at] == "--page";
    const bool has_port = bare && at + 1 < words.size() && ParseUnsigned(words[at + 1]);
    if (!bare)
      whole.push_back(words[at]);
    else
      whole.push_back(
          fmt::format("--page={}", has_port ? words[++at] : std::to_string(kUsualPagePort)));
  }
  return whole;
}

}  // namespace

Result<Arguments> ParseArguments(std::span<const std::string> given) {
  const std::vector<std::string> words = WithPagePort(given);
  DELSTEP_TRY(CheckOptionValues(words));
  CLI::App app;
  Declare(app);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::Error& error) {
    return UsageError(error.what(), "see delstep --help");
  }
  if (const auto extras = app.remaining(); !extras.empty()) return UnknownOption(extras.front());
  Collector collector;
  std::map<const CLI::Option*, std::size_t> taken;
  for (const CLI::Option* option : app.parse_order()) {
    const auto& values = option->results();
    const std::size_t use = taken[option]++;
    DELSTEP_TRY(collector.Take(NameOf(*option), use < values.size() ? values[use] : ""));
  }
  DELSTEP_ASSIGN(Arguments arguments, collector.Finish());
  ExpandHomes(arguments);
  return arguments;
}

}  // namespace delstep
