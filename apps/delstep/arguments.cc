#include "apps/delstep/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <map>

#include "base/text.h"

namespace delstep {
namespace {

/// "training.lr=0.1": a dotted name before the first '='.
bool IsOverride(std::string_view word) {
  const auto equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
  });
}

const std::vector<std::string>& OptionNames() {
  static const std::vector<std::string> kNames = {
      "--check", "--color", "--help",      "--json",    "--keep-going", "--out", "--portable",
      "--quiet", "--seed",  "--signature", "--verbose", "--version",    "-c",    "-f",
      "-h",      "-i",      "-v"};
  return kNames;
}

Error UnknownOption(const std::string& option) {
  const std::string hint = DidYouMean(option.substr(0, option.find('=')), OptionNames());
  return UsageError("unknown option '" + option + "'", hint.empty() ? "see delstep --help" : hint);
}

/// Collects what the parser found, in the order given.
class Collector {
 public:
  Result<void> Take(const std::string& option, const std::string& value) {
    if (option == "words") return TakeWord(value);
    if (option == "-f")
      arguments_.sources.push_back(value == "-" ? CommandSource{CommandSource::Kind::kInput}
                                                : CommandSource{CommandSource::Kind::kFile, value});
    if (option == "-c") arguments_.sources.push_back({CommandSource::Kind::kText, value});
    if (option == "-i") arguments_.stay = true;
    if (option == "-v") arguments_.verbose = true;
    if (option == "--check") arguments_.checks.push_back(value);
    if (option == "--keep-going") arguments_.keep_going = true;
    if (option == "--json") arguments_.json = true;
    if (option == "--quiet") arguments_.quiet = true;
    if (option == "--seed") arguments_.overrides.push_back("seed=" + value);
    if (option == "--portable") arguments_.overrides.emplace_back("portable=true");
    if (option == "--out") return TakeFolder(value);
    if (option == "--color") return TakeColor(value);
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
    if (signature_ && arguments_.verb != Arguments::Verb::kSignature)
      return UsageError("--signature belongs to bench", "delstep bench --signature");
    if (names_.size() > 1)
      return UsageError("one scenario at most, not '" + names_[0] + "' and '" + names_[1] + "'",
                        "options of a run are written key=value");
    if (!names_.empty()) arguments_.scenario = names_[0];
    return arguments_;
  }

 private:
  Result<void> TakeWord(const std::string& word) {
    if (word.empty()) return UsageError("an empty argument", "see delstep --help");
    (IsOverride(word) ? arguments_.overrides : names_).push_back(word);
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

  Result<void> FindVerb() {
    if (names_.empty()) return {};
    const std::string verb = names_.front();
    if (verb != "doctor" && verb != "bench" && verb != "docs" && verb != "new") return {};
    names_.erase(names_.begin());
    if (verb == "doctor") arguments_.verb = Arguments::Verb::kDoctor;
    if (verb == "bench") {
      if (!signature_)
        return UsageError("bench needs to be told what to measure", "delstep bench --signature");
      arguments_.verb = Arguments::Verb::kSignature;
    }
    if (verb == "docs") {
      if (names_.size() != 1 ||
          (names_[0] != "commands" && names_[0] != "config" && names_[0] != "json"))
        return UsageError("docs prints one of the pages: commands, config, json",
                          "delstep docs commands");
      arguments_.verb = Arguments::Verb::kReference;
      arguments_.page = std::exchange(names_, {}).front();
    }
    if (verb == "new") {
      if (names_.empty() || names_.size() > 2 || names_[0] != "module")
        return UsageError("new writes a learning module to begin with",
                          "delstep new module [FILE.cpp]");
      arguments_.verb = Arguments::Verb::kNewModule;
      arguments_.file = names_.size() == 2 ? names_[1] : "learning_module.cpp";
      names_.clear();
    }
    if (!names_.empty())
      return UsageError(verb + " takes no '" + names_[0] + "'", "see delstep --help");
    return {};
  }

  Arguments arguments_;
  std::vector<std::string> names_;
  bool help_ = false, version_ = false, signature_ = false;
};

void Declare(CLI::App& app) {
  app.set_help_flag();
  app.allow_extras();
  app.add_flag("-h,--help")->disable_flag_override();
  for (const char* flag : {"-i", "-v,--verbose", "--version", "--keep-going", "--json",
                           "--portable", "--quiet", "--signature"})
    app.add_flag(flag)->disable_flag_override();
  for (const char* option : {"-f", "-c", "--check", "--seed", "--out", "--color"})
    app.add_option(option)->expected(1)->allow_extra_args(false)->multi_option_policy(
        CLI::MultiOptionPolicy::TakeAll);
  app.add_option("words")->expected(0, 1 << 20)->allow_extra_args(true);
}

std::string NameOf(const CLI::Option& option) {
  if (option.get_positional()) return "words";
  const bool has_short = !option.get_snames().empty();
  const std::string name =
      has_short ? "-" + option.get_snames().front() : "--" + option.get_lnames().front();
  return name == "-h" ? "--help" : name;
}

/// `--out=`: CLI11 would take the next word for the value.
Result<void> RefuseEmptyValues(std::span<const std::string> words) {
  for (const std::string& word : words) {
    if (word == "--") return {};
    if (word.starts_with("--") && word.find('=') + 1 == word.size())
      return UsageError(word.substr(0, word.size() - 1) + " needs a value behind the '='");
  }
  return {};
}

}  // namespace

Result<Arguments> ParseArguments(std::span<const std::string> words) {
  DELSTEP_TRY(RefuseEmptyValues(words));
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
  return collector.Finish();
}

std::string HelpText() {
  return R"(usage: delstep [SCENARIO | FILE.toml | FILE.cpp] [KEY=VALUE ...] [options]

A step-by-step simulator of decentralized learning. Commands come from -f and -c
in the order given, else from standard input: a prompt, if it is a terminal.
Without a scenario mnist-12 is used.

  -f SCRIPT       run a script; - is standard input
  -c "CMD; CMD"   run commands
  -i              stay at the prompt afterwards
  --check SCRIPT  look for errors in a script and run nothing
  --keep-going    go on after errors; exit with the code of the first
  --json          one JSON object a command on standard output
  --seed N        seed=N
  --out DIR       record the run in a new folder: events, results, metrics, ...
  --portable      same bits on every processor: baseline kernels
  --quiet, -v     say less, say more        --color=auto|always|never
  --version, --help
  delstep doctor             what is there, what is missing, what to install
  delstep bench --signature  one hash of a fixed run
  delstep new module [FILE]  write a C++ model of your own to begin with

exit codes: 0 ok, 1 refused, 2 usage, 3 file, 4 unavailable, 5 expect failed
)";
}

}  // namespace delstep
